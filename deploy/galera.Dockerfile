# One node of Galera: the official image with our configuration, and a folder for the mark that a cluster was born.
FROM mariadb:10.11.19
RUN install -d -o mysql -g mysql /galera
COPY deploy/galera/node.sh /deploy/node.sh
COPY deploy/galera/galera.cnf /etc/mysql/conf.d/galera.cnf
COPY deploy/galera/initdb.sh /docker-entrypoint-initdb.d/proctorwise.sh
USER mysql
ENTRYPOINT ["bash", "/deploy/node.sh"]
CMD []
