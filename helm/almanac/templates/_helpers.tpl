{{/* Name of a component's objects: <release>-<component>. */}}
{{- define "almanac.name" -}}
{{- printf "%s-%s" (.root.Release.Name | trunc 50 | trimSuffix "-") .component -}}
{{- end -}}

{{/* What never changes: a selector cannot be changed after it was made. */}}
{{- define "almanac.selector" -}}
app.kubernetes.io/name: almanac
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* The course's plain labels. */}}
{{- define "almanac.courseLabels" -}}
{{- if .root.Values.courseLabels }}
env: {{ .root.Values.environment }}
{{- with .root.Values.owner }}
username: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Labels of objects. Those with a version are not for pod templates: a new chart would restart every service. */}}
{{- define "almanac.labels" -}}
{{ include "almanac.selector" . }}
app.kubernetes.io/part-of: almanac
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- include "almanac.courseLabels" . }}
{{- end -}}

{{/* Labels of pods. */}}
{{- define "almanac.podLabels" -}}
{{ include "almanac.selector" . }}
app.kubernetes.io/part-of: almanac
{{- include "almanac.courseLabels" . }}
{{- end -}}

{{/* Reference of one of our images: a digest wins over a tag, and a tag over the version of the application. */}}
{{- define "almanac.image" -}}
{{- $repository := .image.repository | default (printf "%s/almanac-%s" .root.Values.global.imageRegistry .component) -}}
{{- if .image.digest -}}
{{ $repository }}@{{ .image.digest }}
{{- else -}}
{{ $repository }}:{{ .image.tag | default .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Reference of somebody else's image. */}}
{{- define "almanac.otherImage" -}}
{{ .registry }}/{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}
{{- end -}}

{{- define "almanac.pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Pod security as the profile "restricted" wants it. */}}
{{- define "almanac.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .uid }}
runAsGroup: {{ .uid }}
{{- if .volumes }}
fsGroup: {{ .uid }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "almanac.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* An environment from a map. Numbers as people write them, not 1e+06. */}}
{{- define "almanac.env" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ if kindIs "float64" $value }}{{ if eq $value (floor $value) }}{{ printf "%.0f" $value | quote }}{{ else }}{{ $value | toString | quote }}{{ end }}{{ else }}{{ $value | toString | quote }}{{ end }}
{{- end }}
{{- end -}}

{{/* One service's values over what services share, two levels deep. Fills .out; sprig's merge would lose false and 0. */}}
{{- define "almanac.over" -}}
{{- $out := .out -}}
{{- range $key, $value := .defaults -}}
  {{- $_ := set $out $key $value -}}
{{- end -}}
{{- range $key, $value := .own -}}
  {{- if and (kindIs "map" $value) (kindIs "map" (index $out $key)) -}}
    {{- $both := dict -}}
    {{- range $k, $v := index $out $key }}{{ $_ := set $both $k $v }}{{ end -}}
    {{- range $k, $v := $value }}{{ $_ := set $both $k $v }}{{ end -}}
    {{- $_ := set $out $key $both -}}
  {{- else -}}
    {{- $_ := set $out $key $value -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/* Names of Secrets. */}}
{{- define "almanac.redisSecret" -}}
{{ .Values.redis.auth.existingSecret | default (include "almanac.name" (dict "root" . "component" "redis")) }}
{{- end -}}
{{- define "almanac.tokenSecret" -}}
{{ .Values.auth.existingSecret | default (include "almanac.name" (dict "root" . "component" "gateway")) }}
{{- end -}}

{{/* "true" where callers need the token to write. */}}
{{- define "almanac.hasToken" -}}
{{- if eq (toString .Values.auth.enabled) "true" }}true
{{- else if and (eq (toString .Values.auth.enabled) "auto") (or .Values.auth.writeToken .Values.auth.existingSecret) }}true
{{- end -}}
{{- end -}}

{{/* A secret's value: the one given, the one in the cluster, or a new one. Where nothing can be looked up (helm template) it is new each time. */}}
{{- define "almanac.keptSecret" -}}
{{- if .given -}}
{{ .given | b64enc }}
{{- else if index .stored .key -}}
{{ index .stored .key }}
{{- else -}}
{{ randAlphaNum 32 | b64enc }}
{{- end -}}
{{- end -}}

{{- define "almanac.storageClass" -}}
{{- with .own | default .root.Values.global.storageClass }}
storageClassName: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* The store's address for one user. Kubernetes puts the password in. */}}
{{- define "almanac.redisEnv" -}}
{{- $root := .root -}}
{{- if $root.Values.redis.enabled }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "almanac.redisSecret" $root }}
      key: {{ .user }}-password
- name: REDIS_URL
  value: redis://{{ .user }}:$(REDIS_PASSWORD)@{{ include "almanac.name" (dict "root" $root "component" "redis") }}:6379
{{- else if $root.Values.externalRedis.existingSecret }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.externalRedis.existingSecret }}
      key: {{ if $root.Values.externalRedis.keyPerService }}{{ .user }}-{{ end }}url
{{- else }}
- name: REDIS_URL
  value: {{ $root.Values.externalRedis.url | quote }}
{{- end }}
{{- end -}}
