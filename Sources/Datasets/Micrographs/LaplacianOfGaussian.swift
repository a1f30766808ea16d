import Foundation

/// The Laplacian of an image smoothed by a Gaussian, as two pairs of filters along one axis each.
struct LaplacianOfGaussian {
    /// A half each, from the middle outwards: of the Gaussian, and of its second derivative.
    private let gaussian: [Double]
    private let curvature: [Double]

    /// - Parameter deviation: of the Gaussian, in pixels.
    init(deviation: Double) {
        // Sound: beyond four deviations a Gaussian is nothing; radii are bounded by their options.
        let reach = max(1, Int((4 * deviation).rounded(.up)))
        let distances = (0...reach).map(Double.init)
        func sum(_ half: [Double]) -> Double { 2 * half.reduce(0, +) - half[0] }
        let bell = distances.map { exp(-$0 * $0 / (2 * deviation * deviation)) }
        let total = sum(bell)
        gaussian = bell.map { $0 / total }
        // Of a constant the second derivative is 0, of half a square 1, also with few pixels.
        let variance = zip(distances, gaussian).reduce(0) { $0 + 2 * $1.0 * $1.0 * $1.1 }
        let raw = zip(distances, gaussian).map { ($0 * $0 - variance) * $1 }
        let moment = zip(distances, raw).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        curvature = raw.map { $0 / moment }
    }

    /// The Laplacian at each pixel, in grey levels per square pixel. Beyond its edges an image goes on as
    /// in a mirror.
    func callAsFunction(_ image: Micrograph) -> [Double] {
        let (height, width) = (image.height, image.width)
        let pixels = image.pixels.map(Double.init)
        func along(_ half: [Double], _ values: [Double]) -> [Double] {
            Self.rows(of: values, width: width, by: half)
        }
        func transposed(_ values: [Double], _ height: Int, _ width: Int) -> [Double] {
            (0..<values.count).map { values[$0 % height * width + $0 / height] }
        }
        func across(_ half: [Double], _ values: [Double]) -> [Double] {
            let turned = Self.rows(of: transposed(values, height, width), width: height, by: half)
            return transposed(turned, width, height)
        }
        let horizontal = across(gaussian, along(curvature, pixels))
        let vertical = across(curvature, along(gaussian, pixels))
        return zip(horizontal, vertical).map { $0 + $1 }
    }

    /// Each row correlated with a symmetric filter.
    private static func rows(of values: [Double], width: Int, by half: [Double]) -> [Double] {
        let reach = half.count - 1
        /// A place beyond the edges, mirrored into the row.
        func mirrored(_ place: Int) -> Int {
            let turn = ((place % (2 * width)) + 2 * width) % (2 * width)
            return turn < width ? turn : 2 * width - 1 - turn
        }
        var result = [Double](repeating: 0, count: values.count)
        var row = [Double](repeating: 0, count: width + 2 * reach)
        let places = (-reach..<width + reach).map(mirrored)
        for start in stride(from: 0, to: values.count, by: width) {
            for (index, place) in places.enumerated() { row[index] = values[start + place] }
            for column in 0..<width {
                let middle = column + reach
                var sum = half[0] * row[middle]
                for distance in 1...reach {
                    sum += half[distance] * (row[middle - distance] + row[middle + distance])
                }
                result[start + column] = sum
            }
        }
        return result
    }
}
