package grid

import "testing"

// TestSignsOfMoneyAreLatin: a list whose only marks are those before its amounts is text of the West.
func TestSignsOfMoneyAreLatin(t *testing.T) {
	good, all := fitLatin([]byte("name;worth\na;\xa5500\nb;\xa3 80\nc;\x80 12\n"))
	if 100*good < leastFit*all {
		t.Errorf("%d of %d", good, all)
	}
}
