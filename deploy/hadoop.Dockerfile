# HDFS's nodes: the official image with our configuration and folders that its account owns.
FROM apache/hadoop:3.5.0
USER root
RUN install -d -o 1000 -g 1000 /data /data/name /data/blocks
COPY deploy/hadoop /deploy/hadoop
# The image's own start script writes its configuration from the environment; ours is files.
ENV HADOOP_CONF_DIR=/deploy/hadoop HADOOP_LOG_DIR=/tmp/hadoop-log HADOOP_PID_DIR=/tmp
USER 1000:1000
ENTRYPOINT []
CMD ["hdfs", "datanode"]
