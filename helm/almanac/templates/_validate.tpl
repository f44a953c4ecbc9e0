{{/* Rejects values that the schema cannot check. Each message names the value and the fix. */}}
{{- define "almanac.validate" -}}
{{- $v := .Values -}}
{{- if not $v.global.imageRegistry }}
{{- fail "global.imageRegistry is empty: set it to the registry and owner of the images, e.g. --set global.imageRegistry=registry.example.org/you (./almanac images push REGISTRY/OWNER pushes them)" }}
{{- end }}
{{- if gt (len .Release.Name) 50 }}
{{- fail (printf "the release name '%s' has %d characters: use at most 50, because the names of objects are limited to 63" .Release.Name (len .Release.Name)) }}
{{- end }}
{{- $isProd := eq $v.environment "prod" }}
{{- if and $isProd (eq (toString $v.auth.enabled) "auto") (not (include "almanac.hasToken" .)) }}
{{- fail "auth is not configured: in prod, anyone could write. Create a Secret with the key 'write-token' and set auth.existingSecret to its name, or set auth.writeToken, or set auth.enabled=false if the network alone controls who can write" }}
{{- end }}
{{- if and (not $v.redis.enabled) (not $v.externalRedis.url) (not $v.externalRedis.existingSecret) }}
{{- fail "redis.enabled is false, but externalRedis is empty: set externalRedis.url, or externalRedis.existingSecret to a Secret with the key 'url'" }}
{{- end }}
{{- if and $v.backup.restore.enabled (not $v.backup.restore.file) }}
{{- fail "backup.restore.file is empty: set it to the name of a backup, e.g. almanac-20261101T030000Z.rdb (the folder /backup of the Redis pod has them)" }}
{{- end }}
{{- if and $v.backup.restore.enabled (or (not $v.redis.enabled) (not $v.redis.persistence.enabled) (not $v.backup.pvc.enabled)) }}
{{- fail "backup.restore.enabled needs redis.enabled, redis.persistence.enabled and backup.pvc.enabled: a restore needs the volume of the backups and the volume of Redis" }}
{{- end }}
{{- if and $v.backup.enabled (or (not $v.redis.enabled) (not $v.backup.pvc.enabled)) }}
{{- fail "backup.enabled needs redis.enabled and backup.pvc.enabled: the chart does not back up an external Redis, and backups need a volume" }}
{{- end }}
{{- if and $isProd $v.redis.enabled (or (eq (toString $v.redis.image.tag) "latest") (eq (toString $v.redis.image.tag) "")) (not $v.redis.image.digest) }}
{{- fail "redis.image.tag must not be empty or 'latest' in prod: set a version, or set redis.image.digest" }}
{{- end }}
{{- if and $v.ingress.enabled $v.ingress.tls.enabled (not $v.ingress.host) (not $v.ingress.hosts) }}
{{- fail "ingress.host is empty: TLS needs the host name of the certificate" }}
{{- end }}
{{- if and $v.ingress.enabled $v.ingress.tls.enabled (not $v.ingress.tls.secretName) }}
{{- fail "ingress.tls.secretName is empty: name the Secret that holds (or will hold) the certificate" }}
{{- end }}
{{- include "almanac.validateNetwork" . }}
{{- include "almanac.validateSite" . }}
{{- if and $v.monitoring.podMonitor.enabled $v.networkPolicy.enabled (not $v.networkPolicy.metricsNamespace) }}
{{- fail "networkPolicy.metricsNamespace is empty: Prometheus could read only the metrics of the gateway. Set it to the namespace of Prometheus, or monitoring.podMonitor.enabled to false" }}
{{- end }}
{{- range $component, $own := $v.services }}
{{- $s := dict }}
{{- include "almanac.over" (dict "defaults" $v.defaults "own" $own "out" $s) }}
{{- include "almanac.validateService" (dict "root" $ "component" $component "s" $s) }}
{{- end }}
{{- end -}}

{{- define "almanac.validateService" -}}
{{- $s := .s -}}
{{- $v := .root.Values -}}
{{- $path := printf "services.%s" .component -}}
{{- $tag := toString ($s.image.tag | default $v.image.tag | default .root.Chart.AppVersion) }}
{{- if and (eq $v.environment "prod") (not $s.image.digest) (not (regexMatch "^v?[0-9]+\\.[0-9]+\\.[0-9]+([-+.][0-9A-Za-z.-]+)?$" $tag)) }}
{{- fail (printf "%s.image.tag (or image.tag) is '%s': prod needs a version, e.g. 1.2.3, or a digest (%s.image.digest). The content of 'latest' and 'dev' changes" $path $tag $path) }}
{{- end }}
{{- $needed := include "almanac.needed" $s | int }}
{{- if and $s.terminationGracePeriodSeconds (lt (int $s.terminationGracePeriodSeconds) $needed) }}
{{- fail (printf "%s.terminationGracePeriodSeconds is %d, but stopping can take %d: preStopSeconds %v + drainSeconds %v + longestSeconds %v + marginSeconds %v. Set it to %d or more, or to 0 to use this sum" $path (int $s.terminationGracePeriodSeconds) $needed $s.preStopSeconds $s.drainSeconds $s.longestSeconds $s.marginSeconds $needed) }}
{{- end }}
{{- if hasKey $s.env "RENDER_DEADLINE_MS" }}
{{- $longest := divf $s.env.RENDER_DEADLINE_MS 1000 | addf 5 | ceil | int }}
{{- if lt (int $s.longestSeconds) $longest }}
{{- fail (printf "%s.longestSeconds is %v, but with RENDER_DEADLINE_MS=%v, a job can take %d seconds: set %s.longestSeconds to %d" $path $s.longestSeconds (toString $s.env.RENDER_DEADLINE_MS) $longest $path $longest) }}
{{- end }}
{{- end }}
{{- if and (eq .component "jobs") $v.redis.enabled }}
{{- $maxmemory := include "almanac.bytes" $v.redis.maxmemory | int64 }}
{{- $quota := $s.env.RESULTS_QUOTA_MB | default 1024 | int64 }}
{{- if gt (mul $quota 2000000) $maxmemory }}
{{- fail (printf "%s.env.RESULTS_QUOTA_MB is %d, more than half of redis.maxmemory (%s): Redis would refuse writes before the oldest results are deleted. Set it to %d, or raise redis.maxmemory" $path $quota $v.redis.maxmemory (div $maxmemory 3000000)) }}
{{- end }}
{{- end }}
{{- range list "PORT" "DRAIN_SECONDS" "REDIS_URL" "ALMANAC_WRITE_TOKEN" "ALMANAC_INGEST_URL" "ALMANAC_QUERY_URL" "ALMANAC_JOBS_URL" }}
{{- if hasKey $s.env . }}
{{- fail (printf "%s.env.%s: the chart sets this variable itself. Use the value for it: port, drainSeconds, externalRedis or auth" $path .) }}
{{- end }}
{{- end }}
{{- if and $s.autoscaling.enabled (lt (int $s.autoscaling.max) (int $s.autoscaling.min)) }}
{{- fail (printf "%s.autoscaling.max is %d: it must be at least min, %d" $path (int $s.autoscaling.max) (int $s.autoscaling.min)) }}
{{- end }}
{{- if and $s.autoscaling.enabled (eq $s.autoscaling.kind "keda") }}
{{- if not (.root.Capabilities.APIVersions.Has "keda.sh/v1alpha1") }}
{{- fail (printf "%s.autoscaling.kind is keda, but this cluster has no keda.sh/v1alpha1: install KEDA first, or set kind=hpa (helm template: add --api-versions keda.sh/v1alpha1)" $path) }}
{{- end }}
{{- if not $v.redis.enabled }}
{{- fail (printf "%s.autoscaling.kind is keda, which needs redis.enabled: for an external Redis, create a ScaledObject yourself" $path) }}
{{- end }}
{{- if and $v.networkPolicy.enabled (not $v.networkPolicy.redisFrom) }}
{{- fail (printf "networkPolicy.redisFrom is empty, but %s.autoscaling.kind is keda: the KEDA operator could not reach Redis. Set the peer, e.g. --set-json 'networkPolicy.redisFrom=[{\"namespaceSelector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"keda\"}}}]'" $path) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Bytes of a size in the notation of redis.conf: k is 1000, kb is 1024. */}}
{{- define "almanac.bytes" -}}
{{- $power := dict "k" 1 "m" 2 "g" 3 -}}
{{- $unit := regexFind "[kmg]" . -}}
{{- $step := ternary 1024 1000 (hasSuffix "b" .) -}}
{{- $bytes := regexFind "^[0-9]+" . | int64 -}}
{{- range until (index $power $unit) }}{{ $bytes = mul $bytes $step }}{{ end -}}
{{- $bytes -}}
{{- end -}}
