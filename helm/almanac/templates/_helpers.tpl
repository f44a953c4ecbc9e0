{{/* The prefix of every object's name: the release, unless fullnameOverride names another. */}}
{{- define "almanac.prefix" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of a component's objects: <prefix>-<component>. */}}
{{- define "almanac.name" -}}
{{- printf "%s-%s" (include "almanac.prefix" .root) .component -}}
{{- end -}}

{{/* Labels that find a component's pods. A selector is immutable: nothing here may depend on a version. */}}
{{- define "almanac.selector" -}}
app.kubernetes.io/name: {{ .root.Values.nameOverride | default "almanac" }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of the operator: the course's, and those of commonLabels. */}}
{{- define "almanac.siteLabels" -}}
{{- if .root.Values.courseLabels }}
env: {{ .root.Values.environment }}
{{- with .root.Values.owner }}
username: {{ . }}
{{- end }}
{{- end }}
{{- range $key, $value := .root.Values.commonLabels }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* Labels of objects. Those with a version are not for pod templates: a new chart would restart every service. */}}
{{- define "almanac.labels" -}}
{{ include "almanac.selector" . }}
app.kubernetes.io/part-of: almanac
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- include "almanac.siteLabels" . }}
{{- end -}}

{{/* Name, labels and annotations of an object. `suffix`, `labels` and `annotations` are optional. */}}
{{- define "almanac.metadata" -}}
name: {{ include "almanac.name" . }}{{ .suffix }}
labels:
  {{- include "almanac.labels" . | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with mustMerge (dict) (.annotations | default dict) (.root.Values.commonAnnotations | default dict) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Labels of pods. */}}
{{- define "almanac.podLabels" -}}
{{ include "almanac.selector" . }}
app.kubernetes.io/part-of: almanac
{{- include "almanac.siteLabels" . }}
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
