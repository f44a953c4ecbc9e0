# Replaces the official Node image if it cannot be pulled. tools/src/images/stand-in.ts builds root.tar.
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["node"]
