import KernelInterface

extension Tensor {
    /// A step of adaptive moments for the selected rows, in place where no other tensor shares
    /// the memory of table or moments.
    package mutating func stepRows(
        along gradient: Tensor, at selection: RowSelection, moments first: inout Tensor,
        _ second: inout Tensor, decays: (Double, Double), size: Double, epsilon: Double
    ) {
        let step = AdaptiveStep(
            firstDecay: decays.0, secondDecay: decays.1, size: size, epsilon: epsilon)
        let (type, width) = (dataType, count / Swift.max(1, shape[0]))
        withWritable(&first, &second, along: gradient) { target, moments, source in
            Tensor.forSelectedRows(of: gradient, selection) { range, indices in
                kernels.stepRows(
                    type, step, source + range.lowerBound * width * type.size, indices,
                    range.count, width, target, moments.0, moments.1)
            }
        }
    }

    /// A step of adaptive moments for all elements, in place where no other tensor shares the
    /// memory of this one or the moments: one pass, where the composition's twelve operations
    /// read and write the cache between them.
    package mutating func step(
        along gradient: Tensor, moments first: inout Tensor, _ second: inout Tensor,
        decays: (Double, Double), size: Double, epsilon: Double, retained: Double
    ) {
        let step = AdaptiveStep(
            firstDecay: decays.0, secondDecay: decays.1, size: size, epsilon: epsilon,
            retained: retained)
        let (type, count) = (dataType, count)
        withWritable(&first, &second, along: gradient) { target, moments, source in
            inParallel(count, grain: elementwiseGrain) { range in
                let offset = range.lowerBound * type.size
                var row: Int32 = 0
                kernels.stepRows(
                    type, step, source + offset, &row, 1, range.count, target + offset,
                    moments.0 + offset, moments.1 + offset)
            }
        }
    }

    /// Calls `body` with the memory of this tensor and its moments, which is theirs alone then,
    /// and with the gradient's.
    private mutating func withWritable(
        _ first: inout Tensor, _ second: inout Tensor, along gradient: Tensor,
        _ body: (
            _ target: UnsafeMutableRawPointer,
            _ moments: (UnsafeMutableRawPointer, UnsafeMutableRawPointer),
            _ gradient: UnsafeRawPointer
        ) -> Void
    ) {
        // An open expression would still refer to what is about to be written.
        gradient.evaluate()
        for other in [gradient, first, second] where other.dataType != dataType {
            trap("update", "data types differ: \(dataType) and \(other.dataType)")
        }
        makeWritable()
        first.makeWritable()
        second.makeWritable()
        body(
            storage.pointer, (first.storage.pointer, second.storage.pointer),
            gradient.storage.pointer)
        withExtendedLifetime(gradient) {}
    }
}
