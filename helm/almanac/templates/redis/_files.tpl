{{/* Files that Redis reads when it starts. A change restarts Redis. */}}
{{- define "almanac.redisConfig" -}}
redis.conf: |
  # IPv4, and IPv6 if the pod has it
  bind * -::*
  {{- if .Values.redis.tls.enabled }}
  port 0
  tls-port 6379
  tls-cert-file /tls/tls.crt
  tls-key-file /tls/tls.key
  tls-ca-cert-file {{ include "almanac.redisCaFolder" . }}/ca.crt
  tls-auth-clients no
  tls-protocols "TLSv1.2 TLSv1.3"
  {{- else }}
  port 6379
  {{- end }}
  dir /data
  aclfile /run/redis/users.acl
  protected-mode no
  tcp-keepalive 60
  # Accepted jobs are kept: Redis refuses writes if memory is full, and evicts nothing.
  maxmemory {{ .Values.redis.maxmemory }}
  maxmemory-policy noeviction
  appendonly {{ ternary "yes" "no" .Values.redis.persistence.enabled }}
  appendfsync {{ .Values.redis.appendfsync }}
  save ""
  {{- with .Values.redis.extraConfig }}
  {{- . | nindent 2 }}
  {{- end }}
users.acl: |
  {{- .Files.Get "files/users.acl" | nindent 2 }}
{{- end -}}

{{- define "almanac.redisFiles" -}}
{{ include "almanac.redisConfig" . }}
{{- range list "users" "restore" "backup" }}
{{ . }}.sh: |
  {{- $.Files.Get (printf "files/%s.sh" .) | nindent 2 }}
{{- end }}
{{- end -}}
