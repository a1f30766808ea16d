import Autograd

extension Tensor {
    /// The first position along the first axis with an element that is infinite or NaN; nil if all
    /// are finite.
    package var firstRowNotFinite: Int? {
        firstRow { !$0.allFinite }
    }

    /// The first element of samples `[count, …]` that is outside of a range or NaN.
    package func firstElement(outside range: ClosedRange<Double>) -> SampleElement? {
        guard let sample = firstRow(where: { !$0.liesWithin(range) }) else { return nil }
        let values = self[sample].cast(to: .float64).elements(as: Double.self)
        return values.firstIndex { !range.contains($0) }.map {
            SampleElement(sample: sample, element: $0, value: values[$0])
        }
    }

    /// The greatest magnitude of all elements; 0 if there are none.
    package var greatestMagnitude: Double {
        count > 0 ? abs(stopGradient(self).cast(to: .float64)).max().scalar : 0
    }

    private func liesWithin(_ range: ClosedRange<Double>) -> Bool {
        guard count > 0 else { return true }
        let values = stopGradient(self).cast(to: .float64)
        return range.contains(values.min().scalar) && range.contains(values.max().scalar)
    }

    /// The first row that fulfils a condition, which also holds for every part that has such a row.
    private func firstRow(where isWanted: (Tensor) -> Bool) -> Int? {
        guard rank > 0, count > 0 else { return nil }
        // In pieces of about a megabyte, so that all rows are not read again for each row.
        let rows = Swift.max(1, (1 << 18) * shape[0] / count)
        for start in stride(from: 0, to: shape[0], by: rows) {
            let range = start..<Swift.min(shape[0], start + rows)
            guard isWanted(self[range]) else { continue }
            return range.first { isWanted(self[$0]) }
        }
        return nil
    }
}

/// Traps if an element is not finite, and names the first sample that has one.
package func requireFinite(_ samples: Tensor, _ operation: String, _ name: String = "sample") {
    guard !samples.allFinite else { return }
    programmerError(
        operation,
        "\(name) \(samples.firstRowNotFinite ?? 0) has an element that is infinite or not a number")
}
