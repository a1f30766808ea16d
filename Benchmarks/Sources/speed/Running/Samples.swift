/// Times of one thing, in ascending order.
struct Samples {
    private let sorted: [Double]

    init(_ times: [Double]) { sorted = times.sorted() }

    var count: Int { sorted.count }
    var minimum: Double { sorted.first ?? .nan }
    var lowerQuartile: Double { quantile(0.25) }
    var upperQuartile: Double { quantile(0.75) }

    var median: Double {
        let middle = count / 2
        guard count > 0, count % 2 == 0 else { return quantile(0.5) }
        return (sorted[middle - 1] + sorted[middle]) / 2
    }

    private func quantile(_ fraction: Double) -> Double {
        guard count > 0 else { return .nan }
        return sorted[min(count - 1, Int(fraction * Double(count)))]
    }
}
