package notice

// At is the entry up to which a hub has looked at a company's journal, for tests of this package.
func (h *Hub) At(tenant string) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.companies[tenant].at
}
