// Operations of the workloads, from their shapes.

/// Multiplications and additions of dense layers of these sizes on `batch` samples, forward.
func denseOperations(_ batch: Int, _ sizes: Int...) -> Int {
    zip(sizes, sizes.dropFirst()).reduce(0) { $0 + 2 * batch * $1.0 * $1.1 }
}

/// Those of a convolution with a square kernel that makes square images of side `side`; for a
/// transposed one the side is that of its input.
func convolutionOperations(
    _ batch: Int, side: Int, _ inputs: Int, _ outputs: Int, kernel: Int
) -> Int {
    2 * batch * side * side * inputs * outputs * kernel * kernel
}
