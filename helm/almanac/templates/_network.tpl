{{/* Address families of every Service. */}}
{{- define "almanac.ipFamilies" -}}
{{- with .Values.network.ipFamilyPolicy }}
ipFamilyPolicy: {{ . }}
{{- end }}
{{- with .Values.network.ipFamilies }}
ipFamilies: {{ toJson . }}
{{- end }}
{{- end -}}

{{/* "true" if the pods must listen on IPv6. `::` accepts both families, but fails on a node whose kernel has no IPv6. */}}
{{- define "almanac.needsIpv6" -}}
{{- if or (has "IPv6" .Values.network.ipFamilies) (hasSuffix "DualStack" .Values.network.ipFamilyPolicy) }}true{{ end -}}
{{- end -}}

{{/* Base path of the gateway for clients; empty for the root. */}}
{{- define "almanac.basePath" -}}
{{- $path := "/" -}}
{{- if .Values.gatewayApi.enabled }}{{ $path = .Values.gatewayApi.path }}{{ end -}}
{{- if .Values.ingress.enabled }}{{ $path = .Values.ingress.path }}{{ end -}}
{{- trimSuffix "/" $path -}}
{{- end -}}

{{/* Host names that clients use for the gateway, as JSON. A route without a name, or with a wildcard, matches every name: `*`. */}}
{{- define "almanac.publicHosts" -}}
{{- $routed := list -}}
{{- if .Values.ingress.enabled }}{{ $routed = concat $routed (include "almanac.ingressHosts" . | fromJsonArray | default (list "*")) }}{{ end -}}
{{- if .Values.gatewayApi.enabled }}{{ $routed = concat $routed (.Values.gatewayApi.hostnames | default (list "*")) }}{{ end -}}
{{- $name := include "almanac.name" (dict "root" . "component" "gateway") -}}
{{- $here := printf "%s.%s" $name .Release.Namespace -}}
{{- $hosts := concat .Values.network.publicHosts $routed (list $name $here (printf "%s.svc" $here) (printf "%s.svc.%s" $here .Values.network.clusterDomain)) -}}
{{- $names := list -}}
{{- range $hosts }}{{ $names = append $names (ternary "*" . (hasPrefix "*" .)) }}{{ end -}}
{{- uniq $names | toJson -}}
{{- end -}}

{{- define "almanac.ingressHosts" -}}
{{- prepend .Values.ingress.hosts .Values.ingress.host | compact | uniq | toJson -}}
{{- end -}}

{{/* Public host names and base path of the gateway, for the URLs it returns and the Host headers it accepts. services.gateway.env adds names and overrides the path. */}}
{{- define "almanac.publicEnv" -}}
{{- with .s.env.PUBLIC_BASE_PATH | default (include "almanac.basePath" .root) }}
- name: PUBLIC_BASE_PATH
  value: {{ . | quote }}
{{- end }}
{{- $added := .s.env.PUBLIC_HOSTS | default "" | splitList "," }}
- name: PUBLIC_HOSTS
  value: {{ concat $added (include "almanac.publicHosts" .root | fromJsonArray) | compact | uniq | join "," | quote }}
{{- end -}}
