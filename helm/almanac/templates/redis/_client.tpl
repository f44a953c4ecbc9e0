{{/* Folder of the certificate authority of Redis in every pod that connects to it with TLS. */}}
{{- define "almanac.redisCaFolder" -}}/etc/almanac/redis-tls{{- end -}}

{{/* Name of the Secret whose ca.crt verifies Redis. Empty without TLS, or if Node trusts the authority by default. */}}
{{- define "almanac.redisCaSecret" -}}
{{- if .Values.redis.enabled }}{{ if .Values.redis.tls.enabled }}{{ .Values.redis.tls.existingSecret }}{{ end }}
{{- else }}{{ .Values.externalRedis.caSecret }}{{ end }}
{{- end -}}

{{- define "almanac.redisCaMount" -}}
{{- if include "almanac.redisCaSecret" . }}
- {name: redis-ca, mountPath: {{ include "almanac.redisCaFolder" . }}, readOnly: true}
{{- end }}
{{- end -}}

{{/* Mounts only ca.crt: the private key in the same Secret is for Redis only. */}}
{{- define "almanac.redisCaVolume" -}}
{{- with include "almanac.redisCaSecret" . }}
- name: redis-ca
  secret:
    secretName: {{ . }}
    items: [{key: ca.crt, path: ca.crt}]
{{- end }}
{{- end -}}

{{/* Options of redis-cli for TLS. It verifies the authority and not the name, so that a probe can use the address of the pod. */}}
{{- define "almanac.redisCliTls" -}}
{{- if .Values.redis.tls.enabled }} --tls --cacert {{ include "almanac.redisCaFolder" . }}/ca.crt{{ end -}}
{{- end -}}

{{/* Address of Redis for one user. Kubernetes inserts the password. */}}
{{- define "almanac.redisEnv" -}}
{{- $root := .root -}}
{{- if $root.Values.redis.enabled }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "almanac.redisSecret" $root }}
      key: {{ .user }}-password
- name: REDIS_URL
  value: {{ ternary "rediss" "redis" $root.Values.redis.tls.enabled }}://{{ .user }}:$(REDIS_PASSWORD)@{{ include "almanac.name" (dict "root" $root "component" "redis") }}:6379
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
{{- if include "almanac.redisCaSecret" $root }}
- name: REDIS_TLS_CA
  value: {{ include "almanac.redisCaFolder" $root }}/ca.crt
{{- end }}
{{- end -}}
