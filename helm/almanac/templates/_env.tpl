{{/* Environment variables that the chart sets. services.<name>.env and extraEnv follow them. */}}
{{- define "almanac.serviceEnv" -}}
{{- if and (include "almanac.needsIpv6" .root) (not (hasKey .s.env "HOST")) }}
- name: HOST
  value: "::"
{{- end }}
- name: PORT
  value: {{ .s.port | quote }}
- name: DRAIN_SECONDS
  value: {{ .s.drainSeconds | quote }}
{{- $address := dict }}
{{- range $name, $service := .root.Values.services }}
{{- $_ := set $address $name (printf "http://%s:%v" (include "almanac.name" (dict "root" $.root "component" $name)) (default $.root.Values.defaults.port $service.port)) }}
{{- end }}
{{- if eq .component "gateway" }}
{{- range list "ingest" "query" "jobs" }}
- name: ALMANAC_{{ upper . }}_URL
  value: {{ index $address . }}
{{- end }}
{{- include "almanac.publicEnv" . }}
{{- if include "almanac.hasToken" .root }}
- name: ALMANAC_WRITE_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ include "almanac.tokenSecret" .root }}
      key: {{ .root.Values.auth.existingSecretKey }}
{{- end }}
{{- else }}
{{- include "almanac.redisEnv" (dict "root" .root "user" .component) }}
{{- end }}
{{- if eq .component "renderer" }}
- name: ALMANAC_QUERY_URL
  value: {{ $address.query }}
{{- end }}
{{- if has .component (list "ingest" "query" "jobs") }}
{{- with .root.Values.course.profile }}
- name: ALMANAC_PROFILE
  value: {{ . }}
{{- end }}
{{- with .root.Values.course.defaultDataset }}
- name: ALMANAC_DEFAULT_DATASET
  value: {{ . }}
{{- end }}
{{- with .root.Values.course.edition }}
- name: COURSE_EDITION
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- include "almanac.env" (omit .s.env "PUBLIC_HOSTS" "PUBLIC_BASE_PATH") }}
{{- with .s.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Environment variables from a map. Large numbers are written without an exponent. */}}
{{- define "almanac.env" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ if kindIs "float64" $value }}{{ if eq $value (floor $value) }}{{ printf "%.0f" $value | quote }}{{ else }}{{ $value | toString | quote }}{{ end }}{{ else }}{{ $value | toString | quote }}{{ end }}
{{- end }}
{{- end -}}
