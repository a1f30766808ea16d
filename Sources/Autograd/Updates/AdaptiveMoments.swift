import KernelInterface

extension Tensor {
    /// A step of adaptive moments for the selected rows, in place if no other tensor shares the
    /// memory of the table or the moments.
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

    /// A step of adaptive moments for all elements, in place if no other tensor shares the memory
    /// of this one or the moments: a single pass, whereas the composition's twelve operations would
    /// read and write intermediate results in the cache.
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

    /// Calls `body` with the memory of this tensor and its moments, which nothing else refers to
    /// then, and with the gradient's.
    private mutating func withWritable(
        _ first: inout Tensor, _ second: inout Tensor, along gradient: Tensor,
        _ body: (
            _ target: UnsafeMutableRawPointer,
            _ moments: (UnsafeMutableRawPointer, UnsafeMutableRawPointer),
            _ gradient: UnsafeRawPointer
        ) -> Void
    ) {
        // A pending expression would still refer to the memory that is about to be written.
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
