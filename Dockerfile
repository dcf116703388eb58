# The image of bootwarden: its programs, each one file, on an image that has Node.js 24, chroot (of coreutils) and a C library.
# `npm run image` writes dist/ and builds it. Nothing is run in the building: it needs no shell, and is the same for each architecture.
ARG BASE=registry.access.redhat.com/ubi9/nodejs-24-minimal:latest
FROM ${BASE}

ARG BASE
ARG VERSION=0.0.0
ARG REVISION=unknown
# When that revision was made, so that another build of it says the same.
ARG CREATED=1970-01-01T00:00:00Z
ARG VENDOR=bootwarden
# Where the source is to be had (`npm run image -- --source URL`). It has no home of its own yet; the base's address would be wrong, so empty.
ARG SOURCE=

LABEL org.opencontainers.image.title="bootwarden" \
      org.opencontainers.image.description="What new vSphere machines of an OpenShift cluster boot from, and proof that they did." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.vendor="${VENDOR}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.url="${SOURCE}" \
      org.opencontainers.image.base.name="${BASE}" \
      vendor="${VENDOR}" \
      maintainer="${VENDOR}" \
      url="${SOURCE}" \
      name="bootwarden" \
      version="${VERSION}" \
      summary="bootwarden: agent, controller and command line" \
      description="What new vSphere machines of an OpenShift cluster boot from, and proof that they did." \
      io.k8s.display-name="bootwarden" \
      io.k8s.description="What new vSphere machines of an OpenShift cluster boot from, and proof that they did."

# The base's own begins with directories that its user may write, and the agent is root.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /
COPY dist/ /opt/bootwarden/

# By number, so that a kubelet can tell that it is not root; the agent's DaemonSet says otherwise.
USER 1001
ENTRYPOINT ["node"]
CMD ["/opt/bootwarden/kubectl-bootwarden"]
