{{/* Fields common to every pod. `account` and `priority` are optional. */}}
{{- define "almanac.podBase" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .account }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .priority | default .root.Values.global.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- include "almanac.podSecurity" . | nindent 2 }}
{{- end -}}

{{/* "true" if the cluster assigns the user and group ids of a pod, as OpenShift does for each namespace. */}}
{{- define "almanac.assignsUids" -}}
{{- $openshift := toString .Values.global.openshift -}}
{{- if or (kindIs "invalid" .Values.podSecurityContext) (eq $openshift "true") (and (eq $openshift "auto") (.Capabilities.APIVersions.Has "security.openshift.io/v1")) }}true{{ end -}}
{{- end -}}

{{/* securityContext of a pod for the Pod Security Standard "restricted". podSecurityContext overrides fields; null removes one. */}}
{{- define "almanac.podSecurity" -}}
{{- $context := dict "runAsNonRoot" true "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- if not (include "almanac.assignsUids" .root) -}}
  {{- $_ := set $context "runAsUser" .uid -}}
  {{- $_ := set $context "runAsGroup" .uid -}}
  {{- if .volumes -}}
    {{- $_ := set $context "fsGroup" .uid -}}
    {{- $_ := set $context "fsGroupChangePolicy" "OnRootMismatch" -}}
  {{- end -}}
{{- end -}}
{{- range $key, $value := .root.Values.podSecurityContext | default dict -}}
  {{- if kindIs "invalid" $value }}{{ $_ := unset $context $key }}{{ else }}{{ $_ := set $context $key (include "almanac.wholeNumber" $value | fromYaml).value }}{{ end -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{/* A value as YAML, without an exponent: Helm reads 1000650000 as 1.00065e+09. */}}
{{- define "almanac.wholeNumber" -}}
value: {{ if kindIs "float64" . }}{{ int64 . }}{{ else }}{{ toJson . }}{{ end }}
{{- end -}}

{{- define "almanac.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Constraints on the nodes that a pod may run on. */}}
{{- define "almanac.placement" -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" }}
{{- with index $ $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}
