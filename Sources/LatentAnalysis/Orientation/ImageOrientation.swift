import Autograd
import Foundation

/// The orientations of bright things on black by the moments of images: that of the axis along which they
/// are longest, towards the side on which they taper. What a method that learns has to be better than.
///
/// - Parameter images: `[batch, height, width]`, or with channels before these, which are added up. Traps
///   unless they are images.
/// - Returns: degrees anticlockwise from the right, one of each image.
public func orientationsByMoments(of images: Tensor) -> [Double] {
    guard 3...4 ~= images.rank else {
        programmerError("orientationsByMoments", "images of shape \(images.shape)")
    }
    let grey = images.rank == 4 ? images.sum(axes: [1]) : images
    let (height, width) = (grey.shape[1], grey.shape[2])
    let size = height * width
    let values = grey.cast(to: .float64).elements(as: Double.self)
    return (0..<grey.shape[0]).map { index in
        let pixels = values[index * size..<(index + 1) * size]
        var points: [(x: Double, y: Double, weight: Double)] = []
        for (place, weight) in pixels.enumerated() where weight > 0 {
            points.append((Double(place % width), -Double(place / width), weight))
        }
        return orientation(of: points)
    }
}

private func orientation(of points: [(x: Double, y: Double, weight: Double)]) -> Double {
    let total = points.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return 0 }
    let middle = (
        x: points.reduce(0) { $0 + $1.weight * $1.x } / total,
        y: points.reduce(0) { $0 + $1.weight * $1.y } / total
    )
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for point in points {
        let (x, y) = (point.x - middle.x, point.y - middle.y)
        xx += point.weight * x * x
        yy += point.weight * y * y
        xy += point.weight * x * y
    }
    let axis = atan2(2 * xy, xx - yy) / 2
    let skewness = points.reduce(0) { sum, point in
        let along = (point.x - middle.x) * cos(axis) + (point.y - middle.y) * sin(axis)
        return sum + point.weight * along * along * along
    }
    return (skewness < 0 ? axis + .pi : axis) * 180 / .pi
}
