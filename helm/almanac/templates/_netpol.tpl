{{/* Who this component listens to and speaks to; everything else is refused. Components by name, ports by number; `others` are peers of the operator's. */}}
{{- define "almanac.netpol" -}}
{{- $root := .root -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "almanac.name" . }}
  labels:
    {{- include "almanac.labels" . | nindent 4 }}
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
    {{- range $ports := .outside }}
    - to:
        - ipBlock: {cidr: 0.0.0.0/0}
        - ipBlock: {cidr: "::/0"}
      ports: [{{ range $i, $port := $ports }}{{ if $i }}, {{ end }}{port: {{ $port }}}{{ end }}]
    {{- end }}
{{- end -}}
