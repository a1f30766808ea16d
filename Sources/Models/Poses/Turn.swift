import Autograd
import Distributions

/// How images are turned before an encoder sees them.
struct Turn {
    /// The images, and what follows them.
    let turned: Tensor
    private let cosine: Tensor
    private let sine: Tensor

    /// Of images each by its angle, clockwise, `[batch]`.
    ///
    /// - Parameter input: images, perhaps flat with what is known of them.
    init(of input: Tensor, by angles: Tensor, _ sampleShape: [Int]) {
        let flat = input.flattened()
        let images = Self.images(of: input, sampleShape)
        (cosine, sine) = (cos(angles).expandingAxis(1), sin(angles).expandingAxis(1))
        let warped = affinelyWarped(
            images.rank == 4 ? images : images.expandingAxis(1),
            by: rotationMatrices(by: -angles), border: .clamped
        ).flattened()
        turned = concatenated(
            [warped, flat[.all, warped.shape[1]...]], axis: 1
        ).reshaped(input.shape)
    }

    private init(turned: Tensor, cosine: Tensor, sine: Tensor) {
        (self.turned, self.cosine, self.sine) = (turned, cosine, sine)
    }

    /// The turn of rows of which all those of the images follow one another several times.
    func repeated(toRows rows: Int) -> Turn {
        let times = Draws(rows / cosine.shape[0])
        return Turn(turned: turned, cosine: times.repeated(cosine), sine: times.repeated(sine))
    }

    /// The angles by which the longest axis of each image lies to the right.
    static func moments(of input: Tensor, _ sampleShape: [Int]) -> Tensor {
        orientationsByMoments(of: stopGradient(images(of: input, sampleShape)))
    }

    private static func images(of input: Tensor, _ sampleShape: [Int]) -> Tensor {
        input.flattened()[.all, ..<sampleShape.reduce(1, *)].reshaped([-1] + sampleShape)
    }

    /// Points of a plane whose y is upwards.
    func back(_ points: Tensor) -> Tensor {
        let (x, y) = (points[.all, 0..<1], points[.all, 1..<2])
        return concatenated([x * cosine - y * sine, x * sine + y * cosine], axis: 1)
    }

    /// Numbers of which the first two are places in an image, whose y is downwards.
    func shiftedBack(_ numbers: Independent<Normal>) -> Independent<Normal> {
        func parts(_ values: Tensor) -> (x: Tensor, y: Tensor, rest: Tensor) {
            (values[.all, 0..<1], values[.all, 1..<2], values[.all, 2...])
        }
        let mean = parts(numbers.base.mean)
        // Each along its own axis alone, as if both were independent after the turn, too.
        let variance = parts(numbers.base.variance)
        let (cosines, sines) = (square(cosine), square(sine))
        return Independent(
            Normal(
                mean: concatenated(
                    [
                        mean.x * cosine + mean.y * sine, mean.y * cosine - mean.x * sine,
                        mean.rest,
                    ], axis: 1),
                logVariance: concatenated(
                    [
                        log(variance.x * cosines + variance.y * sines),
                        log(variance.y * cosines + variance.x * sines),
                        numbers.base.logVariance[.all, 2...],
                    ], axis: 1)),
            axes: 1)
    }
}
