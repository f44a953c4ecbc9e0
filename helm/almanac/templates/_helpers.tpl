{{/* Prefix of the name of every object: fullnameOverride, or the release name. */}}
{{- define "almanac.prefix" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of the objects of a component: <prefix>-<component>. */}}
{{- define "almanac.name" -}}
{{- printf "%s-%s" (include "almanac.prefix" .root) .component -}}
{{- end -}}

{{/* Labels that select the pods of a component. A selector is immutable: no label here may depend on a version. */}}
{{- define "almanac.selector" -}}
app.kubernetes.io/name: {{ .root.Values.nameOverride | default "almanac" }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels that the operator sets: those of the course, and commonLabels. */}}
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

{{/* Labels of objects. Pod templates omit the labels with a version: otherwise a new chart would restart every service. */}}
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

{{/* Reference of an image of Almanac: the digest, else the tag, else the appVersion of the chart. */}}
{{- define "almanac.image" -}}
{{- $repository := .image.repository | default (printf "%s/almanac-%s" .root.Values.global.imageRegistry .component) -}}
{{- if .image.digest -}}
{{ $repository }}@{{ .image.digest }}
{{- else -}}
{{ $repository }}:{{ .image.tag | default .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Reference of a third-party image. */}}
{{- define "almanac.otherImage" -}}
{{ .registry }}/{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}
{{- end -}}

{{/* Sets .out to the defaults, overridden by the values of one service, two levels deep. The merge of sprig would lose false and 0. */}}
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

{{/* "true" if clients need the token to write. */}}
{{- define "almanac.hasToken" -}}
{{- if eq (toString .Values.auth.enabled) "true" }}true
{{- else if and (eq (toString .Values.auth.enabled) "auto") (or .Values.auth.writeToken .Values.auth.existingSecret) }}true
{{- end -}}
{{- end -}}

{{/* Value of a secret: the given one, else the one in the cluster, else a new one. `helm template` cannot read the cluster and generates a new one each time. */}}
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
