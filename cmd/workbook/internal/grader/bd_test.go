package grader
import ("testing";"fmt";"time")
func TestBD(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	for i := range 5 {
		src := append([]byte{}, ex.Solution...)
		src = append(src, []byte(fmt.Sprintf("\nvar X = %d\n", time.Now().UnixNano()))...)
		s := time.Now(); bin, _, err := g.compile(t.Context(), Submission{ex, map[string][]byte{ex.File: src}}); b := time.Since(s)
		s = time.Now(); r, _ := g.plan(Submission{ex, map[string][]byte{ex.File: src}}, bin).Run(t.Context())
		fmt.Println(i, err, b, time.Since(s), r[0].Elapsed, r[1].Elapsed, r[2].Elapsed)
	}
}
