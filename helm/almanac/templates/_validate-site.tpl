{{/* Rejects values that the chart, the cluster or the gateway does not support. Each message names the value and the fix. */}}
{{- define "almanac.validateNetwork" -}}
{{- $v := .Values -}}
{{- if $v.gatewayApi.enabled }}
{{- if not ($v.gatewayApi.parentRefs) }}
{{- fail "gatewayApi.parentRefs is empty: name the Gateway, e.g. --set-json 'gatewayApi.parentRefs=[{\"name\":\"public\",\"namespace\":\"gateways\"}]'" }}
{{- end }}
{{- if not (.Capabilities.APIVersions.Has "gateway.networking.k8s.io/v1") }}
{{- fail "gatewayApi.enabled is true, but this cluster has no gateway.networking.k8s.io/v1: install the Gateway API first, or use ingress (helm template: add --api-versions gateway.networking.k8s.io/v1)" }}
{{- end }}
{{- if and $v.ingress.enabled (ne (trimSuffix "/" $v.ingress.path) (trimSuffix "/" $v.gatewayApi.path)) }}
{{- fail (printf "ingress.path is '%s' and gatewayApi.path is '%s': the gateway has one base path. Set both to the same value" $v.ingress.path $v.gatewayApi.path) }}
{{- end }}
{{- end }}
{{- $path := include "almanac.basePath" . }}
{{- if regexMatch "/\\.{1,2}(/|$)" $path }}
{{- fail (printf "ingress.path (or gatewayApi.path) is '%s': the path must not have the segments . and .." $path) }}
{{- end }}
{{- if has (index (splitList "/" (printf "%s/" $path)) 1) (list "v1" "data" "jobs" "image" "help" "livez" "readyz" "metrics" "problems" "openapi.json") }}
{{- fail (printf "ingress.path (or gatewayApi.path) is '%s': the gateway uses this path itself. Use another, e.g. /almanac" $path) }}
{{- end }}
{{- if and (eq $v.network.ipFamilyPolicy "SingleStack") (gt (len $v.network.ipFamilies) 1) }}
{{- fail (printf "network.ipFamilyPolicy is SingleStack and network.ipFamilies is %s: set one family, or set the policy to PreferDualStack or RequireDualStack" (toJson $v.network.ipFamilies)) }}
{{- end }}
{{- if and (not $v.network.ipFamilyPolicy) (gt (len $v.network.ipFamilies) 1) }}
{{- fail (printf "network.ipFamilies is %s: two families need network.ipFamilyPolicy PreferDualStack or RequireDualStack" (toJson $v.network.ipFamilies)) }}
{{- end }}
{{- if and $v.redis.enabled $v.redis.tls.enabled (not $v.redis.tls.existingSecret) }}
{{- fail (printf "redis.tls.existingSecret is empty: name a Secret with tls.crt, tls.key and ca.crt for the name %s" (include "almanac.name" (dict "root" . "component" "redis"))) }}
{{- end }}
{{- if and (not $v.redis.enabled) $v.redis.tls.enabled }}
{{- fail "redis.tls.enabled is true, but redis.enabled is false: for TLS to an external Redis, set externalRedis.url=rediss://..., and externalRedis.caSecret" }}
{{- end }}
{{- end -}}

{{- define "almanac.validateSite" -}}
{{- $v := .Values -}}
{{- $own := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/part-of" "app.kubernetes.io/managed-by" "app.kubernetes.io/version" "helm.sh/chart" }}
{{- if $v.courseLabels }}{{ $own = concat $own (list "env" "username") }}{{ end }}
{{- range $key := keys $v.commonLabels }}
{{- if has $key $own }}
{{- fail (printf "commonLabels.%s: the chart sets this label itself. Use nameOverride, or another label name" $key) }}
{{- end }}
{{- end }}
{{- end -}}
