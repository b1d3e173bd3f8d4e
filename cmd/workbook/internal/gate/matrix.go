package gate

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteMatrix writes the kill matrix: a line for each wrong program, then a sum.
func (r Report) WriteMatrix(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "exercise\tprogram\twanted\tgot\tfound")
	found, judged := 0, 0
	for _, k := range r.Kills {
		answer := "NO"
		switch {
		case k.Found:
			answer = "yes"
			found++
		case k.Got == "" && k.Schedule:
			answer = "needs schedules"
		case k.Got == "":
			answer = "not judged"
		}
		if k.Got != "" {
			judged++
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", k.Exercise, k.Program, k.Want, cmp.Or(string(k.Got), "-"), answer)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("writing the kill matrix: %w", err)
	}
	_, err := fmt.Fprintf(w, "%d of %d wrong programs found, %d skipped\n", found, judged, len(r.Kills)-judged)
	if err != nil {
		return fmt.Errorf("writing the kill matrix: %w", err)
	}
	return nil
}
