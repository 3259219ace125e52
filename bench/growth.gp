# Draws entries.svg and nodes.svg from entries.tsv and nodes.tsv: gnuplot -e "folder='FOLDER'" bench/growth.gp
set terminal svg size 760,420 dynamic font 'sans-serif,13' background rgb 'white' linewidth 1.4
set datafile separator tab
set key at screen 0.68, graph 0.98 left top reverse Left samplen 2 spacing 1.4
set grid linecolor rgb '#dddddd' linewidth 0.6
set border 3 linecolor rgb '#555555'
set tics nomirror out scale 0.5
set logscale xy
set format xy '%.0s%c' # 10k, 1M
set rmargin at screen 0.66
set pointsize 0.7
set for [i = 1:6] linetype i pointtype 7 linecolor rgb word('#1b6ca8 #c8452b #2e8b57 #7a5195 #d98c00 #7f6a55', i)

# Draws all columns of the file against the first one. Their names are in its first line.
columns(file) = int(system(sprintf("head -n 1 '%s' | awk -F '\t' '{ print NF }'", file)))
draw = 'plot for [i = 2:columns(source)] source using 1:i with linespoints title columnheader(i)'

source = folder.'/entries.tsv'
set output folder.'/entries.svg'
set title "Cost by size of a scope"
set xlabel 'entries'
set ylabel 'nanoseconds'
eval(draw)

source = folder.'/nodes.tsv'
set output folder.'/nodes.svg'
set title "Cost by size of a cluster (simulated, calm)"
set xlabel 'nodes'
set ylabel 'milliseconds, messages, bytes'
eval(draw)
