{{/* What each service is told by the chart. What operators set comes after, by services.<name>.env. */}}
{{- define "almanac.serviceEnv" -}}
- name: PORT
  value: {{ .s.port | quote }}
- name: DRAIN_SECONDS
  value: {{ .s.drainSeconds | quote }}
{{- $address := dict }}
{{- range $name, $service := .root.Values.services }}
{{- $_ := set $address $name (printf "http://%s:%v" (include "almanac.name" (dict "root" $.root "component" $name)) (default $.root.Values.defaults.port $service.port)) }}
{{- end }}
{{- if eq .component "gateway" }}
{{- range list "ingest" "query" "jobs" }}
- name: ALMANAC_{{ upper . }}_URL
  value: {{ index $address . }}
{{- end }}
- name: PUBLIC_HOSTS
  value: {{ include "almanac.publicHosts" . | quote }}
{{- if and .root.Values.ingress.enabled (ne .root.Values.ingress.path "/") (not (hasKey .s.env "PUBLIC_BASE_PATH")) }}
- name: PUBLIC_BASE_PATH
  value: {{ .root.Values.ingress.path | quote }}
{{- end }}
{{- if include "almanac.hasToken" .root }}
- name: ALMANAC_WRITE_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ include "almanac.tokenSecret" .root }}
      key: {{ .root.Values.auth.existingSecretKey }}
{{- end }}
{{- else }}
{{- include "almanac.redisEnv" (dict "root" .root "user" .component) }}
{{- end }}
{{- if eq .component "renderer" }}
- name: ALMANAC_QUERY_URL
  value: {{ $address.query }}
{{- end }}
{{- if has .component (list "ingest" "query" "jobs") }}
{{- with .root.Values.course.profile }}
- name: ALMANAC_PROFILE
  value: {{ . }}
{{- end }}
{{- with .root.Values.course.defaultDataset }}
- name: ALMANAC_DEFAULT_DATASET
  value: {{ . }}
{{- end }}
{{- with .root.Values.course.edition }}
- name: COURSE_EDITION
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- include "almanac.env" (omit .s.env "PUBLIC_HOSTS") }}
{{- end -}}

{{/* Names that callers reach the gateway by: those of its Service and its Ingress, and what operators add by services.gateway.env. An Ingress without a host serves every name. */}}
{{- define "almanac.publicHosts" -}}
{{- $name := include "almanac.name" . -}}
{{- $inCluster := printf "%s.%s" $name .root.Release.Namespace -}}
{{- $hosts := list $name $inCluster (printf "%s.svc" $inCluster) (printf "%s.svc.cluster.local" $inCluster) -}}
{{- if .root.Values.ingress.enabled -}}
{{- $hosts = append $hosts (.root.Values.ingress.host | default "*") -}}
{{- end -}}
{{- with .s.env.PUBLIC_HOSTS -}}
{{- $hosts = append $hosts . -}}
{{- end -}}
{{- join "," $hosts -}}
{{- end -}}

{{/* Seconds a pod is given to end: nothing is sent to it, it drains, and what is in flight ends. */}}
{{- define "almanac.needed" -}}
{{- addf .preStopSeconds .drainSeconds .longestSeconds .marginSeconds | ceil | int -}}
{{- end -}}
{{- define "almanac.grace" -}}
{{- .terminationGracePeriodSeconds | int | default (include "almanac.needed" . | int) -}}
{{- end -}}

{{- define "almanac.deployment" -}}
{{- $s := .s -}}
{{- $root := .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "almanac.name" . }}
  labels:
    {{- include "almanac.labels" . | nindent 4 }}
spec:
  {{- if not $s.autoscaling.enabled }}
  replicas: {{ $s.replicas }}
  {{- end }}
  minReadySeconds: {{ $s.minReadySeconds }}
  progressDeadlineSeconds: {{ $s.progressDeadlineSeconds }}
  revisionHistoryLimit: {{ $s.revisionHistoryLimit }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: {{ $s.maxSurge }}
  selector:
    matchLabels:
      {{- include "almanac.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "almanac.podLabels" . | nindent 8 }}
        {{- with $s.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $s.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with include "almanac.pullSecrets" $root | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      securityContext:
        {{- include "almanac.podSecurity" (dict "uid" 1000) | nindent 8 }}
      terminationGracePeriodSeconds: {{ include "almanac.grace" $s }}
      containers:
        - name: {{ .component }}
          image: {{ include "almanac.image" (dict "root" $root "component" .component "image" $s.image) }}
          imagePullPolicy: {{ $s.image.pullPolicy | default $root.Values.image.pullPolicy }}
          securityContext:
            {{- include "almanac.containerSecurity" . | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ $s.port }}
          env:
            {{- include "almanac.serviceEnv" . | trim | nindent 12 }}
          {{- with $s.envFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          startupProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 1
            timeoutSeconds: 2
            failureThreshold: {{ $s.startupSeconds }}
          livenessProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 2
          lifecycle:
            preStop:
              {{- if semverCompare ">=1.30.0-0" $root.Capabilities.KubeVersion.Version }}
              sleep: {seconds: {{ $s.preStopSeconds }}}
              {{- else }}
              exec: {command: [node, -e, "setTimeout(() => {}, {{ mul $s.preStopSeconds 1000 }})"]}
              {{- end }}
          resources:
            {{- toYaml $s.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            {{- with $s.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: {sizeLimit: {{ $s.tmpSize }}}
        {{- with $s.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- if $s.topologySpread }}
      topologySpreadConstraints:
        - topologyKey: kubernetes.io/hostname
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          matchLabelKeys: [pod-template-hash]
          labelSelector:
            matchLabels:
              {{- include "almanac.selector" . | nindent 14 }}
      {{- end }}
      {{- with $s.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $s.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $s.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}

{{- define "almanac.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "almanac.name" . }}
  labels:
    {{- include "almanac.labels" . | nindent 4 }}
spec:
  type: ClusterIP
  selector:
    {{- include "almanac.selector" . | nindent 4 }}
  ports:
    - {name: http, port: {{ .s.port }}, targetPort: http}
{{- end -}}
