package notice

// At is the entry up to which a hub has looked at a company's journal, for tests of this package.
func (h *Hub) At(tenant string) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.companies[tenant].at
}

// Settled tells whether a hub has looked up to an entry, and passed on up to a notice.
func (h *Hub) Settled(tenant string, seq, told int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.companies[tenant]
	return c.at >= seq && !c.moved && c.told.Seq >= told
}
