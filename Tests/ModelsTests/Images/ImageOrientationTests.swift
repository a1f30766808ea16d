import Autograd
import Foundation
import Models
import TestSupport
import Testing

/// Orientations by moments.
@Suite struct ImageOrientationTests {
    /// A bar that is wider at one end, pointing in a direction.
    private func wedge(towards degrees: Double, height: Int = 41, width: Int = 41) -> Tensor {
        let angle = degrees * .pi / 180
        let pixels = (0..<height * width).map { place -> Double in
            let x = Double(place % width - width / 2)
            let y = -Double(place / width - height / 2)
            let (along, across) = (
                cos(angle) * x + sin(angle) * y, cos(angle) * y - sin(angle) * x
            )
            return abs(along) < 14 && abs(across) < 4 - along / 7 ? 1 : 0
        }
        return Tensor(pixels, shape: [1, height, width])
    }

    private func degrees(of images: Tensor) -> [Double] {
        (orientationsByMoments(of: images) * (180 / Double.pi)).elements(as: Double.self)
    }

    @Test(arguments: [0.0, 40, 135, 200, 310])
    func momentsPointToTheThinEnd(angle: Double) {
        let found = degrees(of: wedge(towards: angle))[0]
        #expect(abs((found - angle).remainder(dividingBy: 360)) < 1.5, "\(found)")
        let coloured = wedge(towards: angle).expandingAxis(1).broadcast(to: [1, 3, 41, 41])
        #expect(abs(degrees(of: coloured)[0] - found) < 1e-9)
        // Pixels are as wide as high in images that are not; a dark thing on any grey is as good.
        let wide = degrees(of: wedge(towards: angle, width: 55))[0]
        #expect(abs((wide - found).remainder(dividingBy: 360)) < 1e-6)
        #expect(abs(degrees(of: 0.7 - 0.5 * wedge(towards: angle))[0] - found) < 1e-6)
    }

    @Test func anEmptyImageHasAnAngle() {
        let images = concatenated(
            [Tensor.zeros([1, 41, 41], dataType: .float64), wedge(towards: 90)])
        let found = degrees(of: images)
        #expect(found[0] == 0 && abs(found[1] - 90) < 1.5)
    }

    @Test func mistakesTrap() async throws {
        let flat = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = orientationsByMoments(of: Tensor.zeros([4, 4]))
        }
        #expect(message(of: flat).contains("[4, 4]"))
        let bytes = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = orientationsByMoments(of: Tensor.zeros([1, 4, 4], dataType: .uint8))
        }
        #expect(message(of: bytes).contains("uint8"))
    }
}
