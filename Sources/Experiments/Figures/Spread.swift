/// The mean of repeated measurements, and how far they are spread.
struct Spread: Codable, Sendable {
    let mean: Double
    /// The sample standard deviation; nil for a single measurement.
    let deviation: Double?

    init(_ values: [Double]) {
        let mean = values.mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }
}
