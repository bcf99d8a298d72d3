# shellcheck shell=bash
# Figures as a picture: Mermaid, which renders where Markdown does, in light and dark, and is read as text elsewhere.
# Sourced by bench.sh.

# plot <title> <unit> <labels of the x axis, separated by |>: one series from each line of standard input, which is
# "bar" or "line" and its values.
plot() {
  # shellcheck disable=SC2016 # the backticks are Markdown's
  awk -v title="$1" -v unit="$2" -v labels="$3" '
    BEGIN {
      count = split(labels, label, "|")
      print "\n```mermaid\nxychart-beta"
      printf "    title \"%s\"\n    x-axis [", title
      for (i = 1; i <= count; i++) printf "%s\"%s\"", (i > 1 ? ", " : ""), label[i]
      print "]"
    }
    {
      series = series "    " $1 " ["
      for (i = 2; i <= NF; i++) {
        series = series (i > 2 ? ", " : "") $i
        if ($i > most) most = $i
      }
      series = series "]\n"
    }
    END { printf "    y-axis \"%s\" 0 --> %.3g\n%s```\n", unit, most * 1.1, series }'
}
