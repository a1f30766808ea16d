import Autograd

// Random numbers in the forms that several distributions need.

extension RandomGenerator {
    /// Uniform numbers above 0 and below 1, the middles of equal parts of the interval, so that
    /// quantiles of them are finite.
    mutating func openUniform(_ shape: [Int], dataType: DataType) -> Tensor {
        let part = dataType == .float32 ? 0x1p-24 : 0x1p-53
        // Next to 1 numbers have no room for a middle.
        return minimum(uniform(shape, dataType: dataType) + part / 2, 1 - part)
    }

    /// Numbers by rejection, in double precision: `propose` is asked again, with new noise, for
    /// every number for which it returned nil. It must return something for parameters that are not
    /// numbers.
    ///
    /// - Parameters:
    ///   - normals: how many standard normal numbers a proposal takes.
    ///   - uniforms: how many uniform numbers above 0 and below 1.
    mutating func byRejection(
        _ count: Int, normals: Int, uniforms: Int,
        _ propose: (_ index: Int, _ normals: ArraySlice<Double>, _ uniforms: ArraySlice<Double>)
            -> Double?
    ) -> [Double] {
        var values = [Double](repeating: 0, count: count)
        var pending = Array(0..<count)
        while !pending.isEmpty {
            let normal = self.normal([pending.count * normals], dataType: .float64)
                .elements(as: Double.self)
            let uniform = openUniform([pending.count * uniforms], dataType: .float64)
                .elements(as: Double.self)
            var rejected: [Int] = []
            for (place, index) in pending.enumerated() {
                let value = propose(
                    index, normal[place * normals..<(place + 1) * normals],
                    uniform[place * uniforms..<(place + 1) * uniforms])
                if let value { values[index] = value } else { rejected.append(index) }
            }
            pending = rejected
        }
        return values
    }
}
