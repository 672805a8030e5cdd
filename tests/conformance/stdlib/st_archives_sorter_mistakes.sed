s/"[^"]*nodir/"nodir/
