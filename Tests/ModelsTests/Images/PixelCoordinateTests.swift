import Autograd
import Foundation
import Models
import TestSupport
import Testing

@Suite struct PixelCoordinateTests {
    @Test func cornersAreAtOne() {
        let places = pixelCoordinates(height: 2, width: 3)
        #expect(places.shape == [6, 2])
        #expect(
            places.elements(as: Float.self) == [-1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1])
        #expect(
            pixelCoordinates(height: 1, width: 2, dataType: .float64).elements(as: Double.self)
                == [-1, 0, 1, 0])
    }

    @Test func aQuarterTurnTakesXToY() {
        let points = Tensor(rows: [[1, 0], [0, 1]] as [[Float]])
        let turned = points.rotated(
            by: Tensor([Float.pi / 2]), shiftedBy: Tensor(rows: [[10, 20]] as [[Float]]))
        let expected = Tensor([10, 21, 9, 20] as [Float], shape: [1, 2, 2])
        #expect(closeness(of: turned, to: expected, tolerance: 1e-6).passes)
    }

    @Test func rotationHasDerivativesOfBothOrders() {
        var generator = RandomGenerator(seed: 5)
        let points = generator.normal([3, 2], dataType: .float64)
        let angles = generator.normal([2], dataType: .float64)
        let shifts = generator.normal([2, 2], dataType: .float64)
        let checked = gradientCheck(at: points, angles, shifts, order: 2) {
            square($0.rotated(by: $1, shiftedBy: $2)).sum()
        }
        #expect(checked.passes, "\(checked)")
    }

    @Test func whatDoesNotFitTraps() async {
        let image = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = pixelCoordinates(height: 0, width: 3)
        }
        #expect(message(of: image).contains("pixelCoordinates: an image of 0 × 3 pixels"))
        let points = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent])
        {
            _ = Tensor.zeros([3, 2]).rotated(by: .zeros([2]), shiftedBy: .zeros([3, 2]))
        }
        #expect(
            message(of: points).contains(
                "rotated: points of shape [3, 2], angles of [2] and shifts of [3, 2]"))
    }
}
