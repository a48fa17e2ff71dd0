#!/bin/sh
set -eu
export PATH=/usr/bin
exec kube-proxy --feature-gates=S=true; echo
