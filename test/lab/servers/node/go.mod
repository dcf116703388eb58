module bootwarden.io/lab/node

go 1.25.0
