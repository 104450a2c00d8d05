{{- define "mailpace.scaling" -}}
{{- $how := include "mailpace.scaled" . }}
{{- if eq $how "keda" }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ .name }}
  labels:
    {{- include "mailpace.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ .name }}
  pollingInterval: {{ .root.Values.keda.pollingInterval }}
  cooldownPeriod: {{ .root.Values.keda.cooldownPeriod }}
  minReplicaCount: {{ .f.min }}
  maxReplicaCount: {{ .f.max }}
  fallback:
    failureThreshold: 3
    replicas: {{ .root.Values.keda.fallbackReplicas }}
  triggers:
  {{- $root := .root }}
  {{- range $t := .f.triggers }}
  {{- range $partition := (ternary (until (int $root.Values.nats.partitions)) (list -1) (default false $t.partitioned)) }}
    - type: nats-jetstream
      metadata:
        natsServerMonitoringEndpoint: {{ include "mailpace.natsMonitor" $root | quote }}
        account: "$G"
        stream: {{ ternary $t.stream (printf "%s-%d" $t.stream (int $partition)) (eq (int $partition) -1) | quote }}
        consumer: {{ $t.consumer | quote }}
        lagThreshold: {{ $t.lag | toString | quote }}
        activationLagThreshold: "0"
        useHttps: "false"
  {{- end }}
  {{- end }}
{{- else if eq $how "hpa" }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  labels:
    {{- include "mailpace.labels" . | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ .name }} }
  minReplicas: {{ .f.min }}
  maxReplicas: {{ .f.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .f.cpuTarget }} }
{{- end }}
{{- end }}
