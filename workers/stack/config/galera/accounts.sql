FLUSH PRIVILEGES;
CREATE USER '$user'@'127.0.0.1' IDENTIFIED BY '$password';
CREATE USER '$user'@'localhost' IDENTIFIED BY '$password';
GRANT ALL ON `proctorwise\_%`.* TO '$user'@'127.0.0.1';
GRANT ALL ON `proctorwise\_%`.* TO '$user'@'localhost';
