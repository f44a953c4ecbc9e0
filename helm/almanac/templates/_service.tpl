{{/* Seconds that a pod may take to stop: the cluster stops sending requests, the pod drains, and requests in flight end. */}}
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
  {{- include "almanac.metadata" . | nindent 2 }}
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
      {{- $account := $s.serviceAccount.name | default (ternary (include "almanac.name" .) "" $s.serviceAccount.create) }}
      {{- include "almanac.podBase" (dict "root" $root "uid" 1000 "account" $account "priority" $s.priorityClassName) | nindent 6 }}
      terminationGracePeriodSeconds: {{ include "almanac.grace" $s }}
      {{- with $s.extraInitContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
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
          # A start may take startupSeconds. The liveness probe must end only a process whose event loop is blocked, not one that is short of processor time.
          startupProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 1
            timeoutSeconds: 5
            failureThreshold: {{ $s.startupSeconds }}
          livenessProbe:
            httpGet: {path: /livez, port: http}
            {{- toYaml $s.liveness | nindent 12 }}
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            {{- toYaml $s.readiness | nindent 12 }}
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
            {{- if ne .component "gateway" }}
            {{- include "almanac.redisCaMount" $root | nindent 12 }}
            {{- end }}
            {{- with $s.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
        {{- with $s.extraContainers }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      volumes:
        - name: tmp
          emptyDir: {sizeLimit: {{ $s.tmpSize }}}
        {{- if ne .component "gateway" }}
        {{- include "almanac.redisCaVolume" $root | nindent 8 }}
        {{- end }}
        {{- with $s.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with include "almanac.spread" . | trim }}
      topologySpreadConstraints:
        {{- . | nindent 8 }}
      {{- end }}
      {{- with include "almanac.placement" $s | trim }}
      {{- . | nindent 6 }}
      {{- end }}
{{- end -}}

{{/* true: spreads pods over nodes. A list is used as it is; a constraint without a labelSelector gets that of this service. */}}
{{- define "almanac.spread" -}}
{{- $ours := dict "matchLabels" (include "almanac.selector" . | fromYaml) -}}
{{- if kindIs "slice" .s.topologySpread }}
{{- range .s.topologySpread }}
- {{ merge (dict) . (dict "labelSelector" $ours) | toYaml | nindent 2 | trim }}
{{- end }}
{{- else if .s.topologySpread }}
- topologyKey: kubernetes.io/hostname
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  matchLabelKeys: [pod-template-hash]
  labelSelector:
    {{- toYaml $ours | nindent 4 }}
{{- end }}
{{- end -}}

{{- define "almanac.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "almanac.metadata" . | nindent 2 }}
spec:
  type: ClusterIP
  {{- include "almanac.ipFamilies" .root | nindent 2 }}
  selector:
    {{- include "almanac.selector" . | nindent 4 }}
  ports:
    - {name: http, port: {{ .s.port }}, targetPort: http}
{{- end -}}

{{- define "almanac.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "almanac.metadata" (dict "root" .root "component" .component "annotations" .s.serviceAccount.annotations) | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}
