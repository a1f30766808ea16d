extension Vector {
    /// x to the power of y.
    @inline(__always)
    func power(_ y: Self) -> Self {
        var result = self
        for lane in 0..<Self.lanes {
            result[lane] = Element.libraryPower(self[lane], y[lane])
        }
        return result
    }
}
