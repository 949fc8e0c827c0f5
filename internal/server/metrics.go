package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"yunchou/internal/httpapi"
)

// metrics are what /metrics tells. A label is kept for ever, so every one of them is of a
// fixed set: what a sender can invent (a method, a path, a name) is none.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	slow     *prometheus.CounterVec
	trouble  *prometheus.CounterVec
}

// slowRequest is what a person at the screen notices as waiting.
const slowRequest = 2 * time.Second

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yunchou_http_request_seconds", Help: "Time to answer, by method and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "status"}),
		slow: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yunchou_http_slow_requests_total", Help: "Requests that took over two seconds, by method.",
		}, []string{"method"}),
		trouble: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yunchou_database_trouble_total", Help: "Requests the database failed, by the code they were answered with.",
		}, []string{"code"}),
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests, m.slow, m.trouble)
	return m
}

// measured counts requests.
func (m *metrics) measured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		sw := &statusWriter{w, 200}
		next.ServeHTTP(sw, r)
		took, method := time.Since(start), httpapi.MethodOf(r)
		if httpapi.StaysOpen(sw.Header()) {
			return // how long a page was open is no time anybody waited
		}
		m.requests.WithLabelValues(method, statusOf(sw.status)).Observe(took.Seconds())
		if took > slowRequest {
			m.slow.WithLabelValues(method).Inc()
		}
	})
}

// statusOf is a status as a label. Ours are few; "other" is for one no standard knows.
func statusOf(status int) string {
	if http.StatusText(status) == "" && status != 499 {
		return "other"
	}
	return strconv.Itoa(status)
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// certificate tells until when browsers take the program's own certificate; an operator is woken
// some days before.
func (m *metrics) certificate(expires func() (time.Time, int64)) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "yunchou_tls_certificate_expiry_timestamp_seconds", Help: "When the certificate in use ends; 0 while there is none."},
			func() float64 {
				if at, _ := expires(); !at.IsZero() {
					return float64(at.Unix())
				}
				return 0
			}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "yunchou_tls_certificate_failures_total", Help: "New certificates that could not be taken since the start."},
			func() float64 {
				_, failed := expires()
				return float64(failed)
			}))
}
