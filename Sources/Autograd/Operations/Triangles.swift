extension Tensor {
    /// The matrices in the last two axes with zeros above a diagonal.
    ///
    /// - Parameter diagonal: the highest that is kept: 0 is the main one, positive ones are above.
    public func lowerTriangle(diagonal: Int = 0) -> Tensor {
        triangle("lowerTriangle") { row, column in column - row .<= Double(diagonal) }
    }

    /// The matrices in the last two axes with zeros below a diagonal.
    ///
    /// - Parameter diagonal: the lowest that is kept: 0 is the main one, positive ones are above.
    public func upperTriangle(diagonal: Int = 0) -> Tensor {
        triangle("upperTriangle") { row, column in column - row .>= Double(diagonal) }
    }

    private func triangle(
        _ operation: StaticString, _ isKept: (_ row: Tensor, _ column: Tensor) -> Tensor
    ) -> Tensor {
        guard rank >= 2 else { trap(operation, "shape \(shape) has no two axes") }
        let rows = Tensor.range(shape[rank - 2], dataType: .float64).expandingAxis(1)
        let columns = Tensor.range(shape[rank - 1], dataType: .float64)
        return select(isKept(rows, columns), self, Tensor(0, dataType: dataType))
    }
}
