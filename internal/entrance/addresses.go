package entrance

import (
	"net"
	"slices"
	"strconv"
)

// Addresses are what a person opens to reach the program, the surest first: [::] and 0.0.0.0, which
// stand for all addresses of this machine, no browser on another one takes.
func (e *Entrance) Addresses() []string {
	scheme := "http"
	if e.cfg.TLS() {
		scheme = "https"
	}
	at, ok := e.main.Addr().(*net.TCPAddr)
	if !ok {
		return []string{e.Address()}
	}
	hosts := slices.Clone(e.cfg.ACME.Domains) // the certificate is for these alone
	if len(hosts) == 0 {
		own, err := net.InterfaceAddrs()
		if err != nil {
			own = nil // this machine's own name is left
		}
		hosts = reachable(at.IP, own)
	}
	out := make([]string, len(hosts))
	for i, h := range hosts {
		out[i] = scheme + "://" + hostPort(scheme, h, at.Port)
	}
	return out
}

// reachable are the hosts a listener at an address is reached by, on a machine with own addresses.
// Those that hold on one link alone are left out: they want the name of an interface with them.
func reachable(at net.IP, own []net.Addr) []string {
	if !at.IsUnspecified() {
		return []string{at.String()}
	}
	hosts := []string{"localhost"}
	for _, a := range own {
		n, ok := a.(*net.IPNet)
		if !ok || n.IP.IsLoopback() || !n.IP.IsGlobalUnicast() || at.To4() != nil && n.IP.To4() == nil {
			continue
		}
		hosts = append(hosts, n.IP.String())
	}
	return hosts
}

// hostPort leaves out the port a browser takes by itself.
func hostPort(scheme, host string, port int) string {
	text := net.JoinHostPort(host, strconv.Itoa(port))
	if usual := map[string]int{"http": 80, "https": 443}[scheme]; port == usual {
		text = text[:len(text)-len(strconv.Itoa(port))-1]
	}
	return text
}
