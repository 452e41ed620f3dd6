# docker build -t troth --build-arg VERSION=$(git describe --tags --always) .
# docker run --rm -p 4010:4010 -v "$PWD:/work:ro" troth mock api.yaml
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY contract contract
COPY gen gen
COPY mock mock
COPY openapi openapi
ARG VERSION=
ARG TARGETOS
ARG TARGETARCH
# nogen leaves the generator out: code is generated where Go is.
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -buildvcs=false -trimpath -tags nogen \
    -ldflags "-s -w -X troth/cmd/troth/cli.stamp=$VERSION" -o /troth ./cmd/troth

FROM scratch
# The authorities that troth test needs for https targets.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /troth /troth
WORKDIR /work
USER 65532:65532
ENV TROTH_ADDR=:4010
EXPOSE 4010
ENTRYPOINT ["/troth"]
CMD ["mock"]
