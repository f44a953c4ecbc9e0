{{/* Scales by processor use. The Deployment then omits `replicas`, so that an upgrade does not reset it. */}}
{{- define "almanac.hpa" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "almanac.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "almanac.name" . }}
  minReplicas: {{ .s.autoscaling.min }}
  maxReplicas: {{ .s.autoscaling.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ .s.autoscaling.cpu }}}
{{- end -}}

{{/* Scales by the number of waiting jobs. At least one pod remains, because a worker returns the jobs of dead workers to the queue. */}}
{{- define "almanac.keda" -}}
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  {{- include "almanac.metadata" . | nindent 2 }}
spec:
  secretTargetRef:
    - parameter: password
      name: {{ include "almanac.redisSecret" .root }}
      key: keda-password
    {{- with include "almanac.redisCaSecret" .root }}
    - parameter: ca
      name: {{ . }}
      key: ca.crt
    {{- end }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "almanac.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    name: {{ include "almanac.name" . }}
  minReplicaCount: {{ .s.autoscaling.min }}
  maxReplicaCount: {{ .s.autoscaling.max }}
  triggers:
    - type: redis
      authenticationRef:
        name: {{ include "almanac.name" . }}
      metadata:
        address: {{ include "almanac.name" (dict "root" .root "component" "redis") }}.{{ .root.Release.Namespace }}.svc:6379
        username: keda
        databaseIndex: "1"
        {{- if .root.Values.redis.tls.enabled }}
        enableTLS: "true"
        {{- end }}
        listName: {{ .s.autoscaling.queue }}
        listLength: {{ .s.autoscaling.jobs | quote }}
{{- end -}}

{{- define "almanac.pdb" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "almanac.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "almanac.selector" . | nindent 6 }}
{{- end -}}
