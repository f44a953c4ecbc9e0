{{/* NetworkPolicy of a component. It denies all other connections. `from` and `to` name components; `others` are peers that the operator sets. */}}
{{- define "almanac.netpol" -}}
{{- $root := .root -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "almanac.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "almanac.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- if eq .component "gateway" }}
    {{- with $root.Values.networkPolicy.gatewayFrom }}
    - from:
        {{- toYaml . | nindent 8 }}
      ports: [{port: http}]
    {{- else }}
    - ports: [{port: http}]
    {{- end }}
    {{- end }}
    {{- if .from }}
    - from:
        {{- range .from }}
        - podSelector:
            matchLabels:
              {{- include "almanac.selector" (dict "root" $root "component" .) | nindent 14 }}
        {{- end }}
      ports: [{port: {{ .port }}}]
    {{- end }}
    {{- with .others }}
    - from:
        {{- toYaml . | nindent 8 }}
      ports: [{port: {{ $.port }}}]
    {{- end }}
    {{- if and (has .component (keys $root.Values.services)) $root.Values.networkPolicy.metricsNamespace }}
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ $root.Values.networkPolicy.metricsNamespace }}
      ports: [{port: {{ .port }}}]
    {{- end }}
  egress:
    - ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
    {{- range $to := .to }}
    - to:
        - podSelector:
            matchLabels:
              {{- include "almanac.selector" (dict "root" $root "component" $to.component) | nindent 14 }}
      ports: [{port: {{ $to.port }}}]
    {{- end }}
    {{- if .web }}
    - to:
        - ipBlock: {cidr: 0.0.0.0/0, except: {{ toJson $root.Values.networkPolicy.privateRanges.ipv4 }}}
        - ipBlock: {cidr: "::/0", except: {{ toJson $root.Values.networkPolicy.privateRanges.ipv6 }}}
      ports: [{port: 80}, {port: 443}]
    {{- with ternary $root.Values.networkPolicy.ingestTo list (eq .component "ingest") }}
    - to:
        {{- toYaml . | nindent 8 }}
    {{- end }}
    {{- end }}
    {{- if and .store (not $root.Values.redis.enabled) }}
    - to:
        {{- with $root.Values.networkPolicy.externalRedisTo }}
        {{- toYaml . | nindent 8 }}
        {{- else }}
        - ipBlock: {cidr: 0.0.0.0/0}
        - ipBlock: {cidr: "::/0"}
        {{- end }}
      ports: [{port: {{ $root.Values.networkPolicy.externalRedisPort }}}]
    {{- end }}
{{- end -}}
