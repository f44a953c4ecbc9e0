# A stand-in for the official Node image where none can be pulled: root.tar is made by tools/src/images/stand-in.ts.
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["node"]
