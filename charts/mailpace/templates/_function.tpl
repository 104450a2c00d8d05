{{/* A function as Deployment, Service and disruption budget. */}}
{{- define "mailpace.function" -}}
{{- $labels := dict "root" .root "name" .name }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- include "mailpace.labels" $labels | nindent 4 }}
    faas_function: {{ .name }}
spec:
  {{- /* No replicas: KEDA, or the HPA, owns them. */}}
  {{- if not (include "mailpace.scaled" .) }}
  replicas: {{ .f.min }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "mailpace.selector" $labels | nindent 6 }}
  strategy:
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  template:
    metadata:
      labels:
        {{- include "mailpace.labels" $labels | nindent 8 }}
        faas_function: {{ .name }}
        mailpace/function: {{ .function }}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: {{ include "mailpace.grace" .root }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- include "mailpace.spread" $labels | nindent 6 }}
      securityContext:
        {{- include "mailpace.podSecurity" .root | nindent 8 }}
      containers:
        - name: function
          image: {{ include "mailpace.image" (dict "root" .root "name" .function) }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          env:
            - name: OPENFAAS_NAME
              value: {{ .name }}
            {{- include "mailpace.env" (dict "root" .root "own" .own "postgres" .f.postgres) | nindent 12 }}
          ports:
            - { name: http, containerPort: 8080 }
          startupProbe:
            httpGet: { path: /_/health, port: http }
            periodSeconds: 1
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /_/health, port: http }
            periodSeconds: 10
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /_/ready, port: http }
            periodSeconds: 2
            failureThreshold: 1
          resources:
            {{- toYaml .f.resources | nindent 12 }}
          securityContext:
            {{- include "mailpace.containerSecurity" .root | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- if .f.secrets }}
            - { name: secrets, mountPath: /var/openfaas/secrets, readOnly: true }
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: 256Mi }
        {{- if .f.secrets }}
        {{- include "mailpace.secretVolume" (dict "root" .root "secrets" .f.secrets) | nindent 8 }}
        {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "mailpace.labels" $labels | nindent 4 }}
    faas_function: {{ .name }}
spec:
  selector:
    {{- include "mailpace.selector" $labels | nindent 4 }}
  ports:
    - { name: http, port: 8080, targetPort: http }
{{- if gt (int .f.min) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "mailpace.labels" $labels | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "mailpace.selector" $labels | nindent 6 }}
{{- end }}
{{- end }}

{{/* Whether something else than the Deployment sets the replicas. */}}
{{- define "mailpace.scaled" -}}
{{- if and .root.Values.keda.enabled .f.triggers (gt (int .f.max) (int .f.min)) }}keda{{- else if and .f.cpuTarget (gt (int .f.max) (int .f.min)) }}hpa{{- end }}
{{- end }}
