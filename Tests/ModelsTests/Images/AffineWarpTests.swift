import Autograd
import Foundation
import Models
import TestSupport
import Testing

@Suite struct AffineWarpTests {
    private static let images = Tensor(
        numbers(sin(Tensor.range(24, dataType: .float64))), shape: [1, 2, 3, 4])
    private static let map = Tensor([0.8, -0.3, 0.1, 0.25, 1.1, -0.2], shape: [1, 2, 3])

    /// The numbers are those of PyTorch 2.15: `affine_grid` and `grid_sample` with
    /// `align_corners=True`.
    @Test(arguments: [
        (
            Border.zero, 1.0,
            [
                0.340795748847, 0.582735779464, 0.0938448053598, 0.378201986947, 0.116499257477,
                -0.617447436781, 0.146021868605, 0.669602782899, 0.432441413704, 0.49264825214,
                0.508867279788, -0.292229105158,
            ]
        ),
        (
            .clamped, 1,
            [
                0.757323886327, 0.832479684949, 0.14112000806, 0.378201986947, 0.116499257477,
                -0.726408749154, 0.324493041344, 0.956575404141, 0.650287840157, 0.49264825214,
                0.508867279788, -0.343798947244,
            ]
        ),
        (
            .reflected, 2,
            [
                0.652823783477, -0.367493298854, -0.797856640917, -0.231916884906, -0.657001185106,
                0.374718148857, 0.75205737344, -0.405158656333, -0.720214806947, 0.0328738044383,
                -0.546381539535, 0.141447619358,
            ]
        ),
    ])
    func agreesWithPyTorch(_ border: Border, _ factor: Double, _ expected: [Double]) {
        let warped = affinelyWarped(
            Self.images, by: factor * Self.map, to: Size2D(height: 2, width: 3), border: border)
        #expect(warped.shape == [1, 2, 2, 3])
        #expect(closeness(of: numbers(warped), to: expected, tolerance: 1e-10).passes)
    }

    /// The map that changes nothing, a quarter turn, a shift by one pixel, and an image twice as
    /// small.
    @Test func mapsAreWhatTheyAreCalled() {
        let image = Tensor((0..<9).map(Double.init), shape: [1, 1, 3, 3])
        func warped(_ matrices: Tensor) -> [Double] {
            numbers(affinelyWarped(image, by: matrices)).map { (1e6 * $0).rounded() / 1e6 }
        }
        let none = Tensor.zeros([1], dataType: .float64)
        #expect(warped(rotationMatrices(by: none)) == numbers(image))
        #expect(warped(rotationMatrices(by: none + Double.pi / 2)) == [2, 5, 8, 1, 4, 7, 0, 3, 6])
        let shift = Tensor([1.0, 0], shape: [1, 2])
        #expect(warped(shiftMatrices(by: shift)) == [1, 2, 0, 4, 5, 0, 7, 8, 0])
        #expect(warped(scalingMatrices(by: none + 2)) == [0, 0, 0, 0, 4, 0, 0, 0, 0])
        let factors = Tensor([1.0, -1], shape: [1, 2])
        #expect(warped(scalingMatrices(by: factors)) == [6, 7, 8, 3, 4, 5, 0, 1, 2])
    }

    /// Points move as by `rotated(by:shiftedBy:)`, and compositions one after another.
    @Test func mapsOfPointsAreComposed() {
        var generator = RandomGenerator(seed: 4)
        let points = generator.normal([5, 2], dataType: .float64)
        let angles = generator.normal([3], dataType: .float64)
        let shifts = generator.normal([3, 2], dataType: .float64)
        let both = affineComposition(shiftMatrices(by: shifts), rotationMatrices(by: angles))
        let ones = Tensor.ones([5, 1], dataType: .float64)
        let moved = matmul(concatenated([points, ones], axis: 1), both, transposingRight: true)
        let expected = points.rotated(by: angles, shiftedBy: shifts)
        #expect(closeness(of: moved, to: expected, tolerance: 1e-12).passes)
    }

    @Test func warpsHaveDerivativesOfBothOrders() {
        var generator = RandomGenerator(seed: 5)
        let images = generator.normal([2, 1, 3, 3], dataType: .float64)
        let angles = Tensor([0.3, -1.1])
        let factors = Tensor([1.2, 0.7])
        let shifts = Tensor([0.1, -0.2, 0.05, 0.3], shape: [2, 2])
        let check = gradientCheck(at: [images, angles, factors, shifts], order: 2) { operands in
            let turned = affineComposition(
                rotationMatrices(by: operands[1]), scalingMatrices(by: operands[2]))
            let maps = affineComposition(shiftMatrices(by: operands[3]), turned)
            return square(
                affinelyWarped(operands[0], by: maps, to: 2, border: .reflected)
            ).sum()
        }
        #expect(check.passes, "\(check)")
    }

    @Test func whatDoesNotFitTraps() async {
        let images = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent])
        {
            _ = affinelyWarped(.zeros([2, 1, 3, 3]), by: .zeros([1, 2, 3]))
        }
        #expect(
            message(of: images).contains(
                "affinelyWarped: float32 images of shape [2, 1, 3, 3] by float32 matrices of shape "
                    + "[1, 2, 3]"))
        let angles = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent])
        {
            _ = rotationMatrices(by: .zeros([2, 1]))
        }
        #expect(message(of: angles).contains("rotationMatrices: float32 numbers of shape [2, 1]"))
        let infinite = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = affinelyWarped(
                .zeros([1, 1, 3, 3]), by: Tensor(repeating: .infinity, shape: [1, 2, 3]))
        }
        #expect(message(of: infinite).contains("bilinearlySampled: the coordinate at [0, 0, 0, 0]"))
    }
}
