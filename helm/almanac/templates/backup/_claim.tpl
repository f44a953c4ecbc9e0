{{- define "almanac.backupClaim" -}}
{{ .Values.backup.pvc.existingClaim | default (include "almanac.name" (dict "root" . "component" "backup")) }}
{{- end -}}
