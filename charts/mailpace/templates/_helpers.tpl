{{- define "mailpace.name" -}}{{ .Release.Name }}{{- end }}
{{- define "mailpace.image" -}}{{ .root.Values.image.registry }}/{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{- end }}
{{- define "mailpace.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: mailpace
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}
{{- define "mailpace.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}
{{- define "mailpace.natsUrl" -}}
{{- if .Values.nats.url }}{{ .Values.nats.url }}
{{- else if .Values.nats.enabled }}nats://{{ .Release.Name }}-nats:4222
{{- else }}{{ fail "nats.url is needed where nats.enabled is false" }}
{{- end }}
{{- end }}
{{- define "mailpace.natsMonitor" -}}
{{- if .Values.nats.monitor }}{{ .Values.nats.monitor }}
{{- else if .Values.nats.enabled }}{{ .Release.Name }}-nats-headless.{{ .Release.Namespace }}.svc:8222
{{- else }}{{ fail "nats.monitor is needed where nats.enabled is false and KEDA scales" }}
{{- end }}
{{- end }}
{{- define "mailpace.postgres" -}}
{{- if .Values.postgres.connectionString }}{{ .Values.postgres.connectionString }}
{{- else if .Values.postgres.enabled }}Host={{ .Release.Name }}-postgres-rw;Database=mailpace;Username=mailpace
{{- else }}{{ fail "postgres.connectionString is needed where postgres.enabled is false" }}
{{- end }}
{{- end }}
{{/* Options of every part, then the part's own, as a map. */}}
{{- define "mailpace.settings" -}}
{{- $s := dict
  "Nats__Url" (include "mailpace.natsUrl" .root)
  "Nats__Replicas" (.root.Values.nats.replicas | toString)
  "Nats__Partitions" (.root.Values.nats.partitions | toString)
  "Drain__Delay" (printf "00:00:%02d" (int .root.Values.drain.delaySeconds))
  "Drain__Timeout" (printf "00:00:%02d" (int .root.Values.drain.timeoutSeconds)) }}
{{- if .postgres }}{{ $_ := set $s "Postgres__ConnectionString" (include "mailpace.postgres" .root) }}{{ end }}
{{- $s = merge (dict) (.own | default dict) .root.Values.settings $s }}
{{- toYaml $s }}
{{- end }}
{{- define "mailpace.env" -}}
{{- range $key, $value := (include "mailpace.settings" . | fromYaml) }}
- name: MAILPACE__{{ $key }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}
{{- define "mailpace.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.podSecurity.runAsUser }}
runAsGroup: {{ .Values.podSecurity.runAsUser }}
fsGroup: {{ .Values.podSecurity.runAsUser }}
seccompProfile:
  type: RuntimeDefault
{{- end }}
{{- define "mailpace.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
{{- define "mailpace.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ .root.Values.secrets.name }}
    defaultMode: 0440
    items:
    {{- range .secrets }}
      - { key: {{ . }}, path: {{ . }} }
    {{- end }}
{{- end }}
{{- define "mailpace.spread" -}}
{{- if .root.Values.topologySpread }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "mailpace.selector" . | nindent 8 }}
{{- end }}
{{- end }}
{{/* How long a pod may take to end: withdraw, drain, and some air. */}}
{{- define "mailpace.grace" -}}{{ add .Values.drain.delaySeconds .Values.drain.timeoutSeconds 10 }}{{- end }}
{{- define "mailpace.toPostgres" -}}
{{- if .Values.postgres.enabled }}
- to:
    - podSelector:
        matchLabels: { cnpg.io/cluster: {{ .Release.Name }}-postgres }
  ports: [{ port: 5432, protocol: TCP }]
{{- else }}
- ports: [{ port: 5432, protocol: TCP }]
{{- end }}
{{- end }}
