import Autograd

/// A round spot in an image, such as an atom.
public struct Blob: Sendable, Hashable {
    /// In pixels, between them where it is so: the middle of the first pixel is at 0, 0.
    public var y: Double
    public var x: Double
    /// How far it stands out, in grey levels from 0 to 1: the height of a Gaussian of the detector's
    /// radius that would answer as strongly.
    public var contrast: Double
}

/// Finds round spots of about one size by the Laplacian of a Gaussian, which answers most where a spot is
/// as wide as the Gaussian, and not at all to what changes evenly (Lindeberg, "Feature Detection with
/// Automatic Scale Selection", International Journal of Computer Vision 30, 1998, section 4).
public struct BlobDetector: Sendable, Hashable {
    /// The radius of a spot in pixels: of a disc, or where a Gaussian has fallen to 1/e.
    public var radius: Double
    /// The least contrast of a spot, as a share of that of the one that stands out most.
    public var threshold: Double
    /// Whether spots are darker than what is around them.
    public var isDark: Bool
    /// Of two spots nearer to each other than this many pixels only that of more contrast counts.
    public var minimumDistance: Double

    /// What differs by less than this is flat.
    private static let leastContrast = 1e-5

    /// Traps unless the radius and the distance are positive, and the threshold is from 0 to 1.
    ///
    /// - Parameter minimumDistance: by default the radius.
    public init(
        radius: Double = 4, threshold: Double = 0.2, isDark: Bool = false,
        minimumDistance: Double? = nil
    ) {
        let distance = minimumDistance ?? radius
        guard radius > 0, radius.isFinite, distance > 0, distance.isFinite, 0...1 ~= threshold
        else {
            programmerError(
                "BlobDetector",
                "radius \(radius), threshold \(threshold), distance \(distance)")
        }
        (self.radius, self.threshold, self.isDark) = (radius, threshold, isDark)
        self.minimumDistance = distance
    }

    /// The spots in an image, row by row from the top. What touches its edge has no middle and is left
    /// out.
    public func callAsFunction(_ image: Micrograph) -> [Blob] {
        let deviation = radius / 2.0.squareRoot()
        // A Gaussian of this deviation and of height 1 answers with 1 / 2 once it is normalised.
        let factor = 2 * deviation * deviation * (isDark ? 1 : -1)
        let responses = LaplacianOfGaussian(deviation: deviation)(image).map { factor * $0 }
        let peaks = peaks(of: responses, height: image.height, width: image.width)
        guard let greatest = peaks.map(\.contrast).max(), greatest > Self.leastContrast else {
            return []
        }
        let strong = peaks.filter {
            $0.contrast > Self.leastContrast && $0.contrast >= threshold * greatest
        }
        return apart(strong).sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    }

    /// Where a response is greater than at the eight pixels around; of equal ones the first counts.
    private func peaks(of responses: [Double], height: Int, width: Int) -> [Blob] {
        guard height > 2, width > 2 else { return [] }
        var peaks: [Blob] = []
        for row in 1..<height - 1 {
            for column in 1..<width - 1 {
                let place = row * width + column
                let value = responses[place]
                let before = [place - width - 1, place - width, place - width + 1, place - 1]
                let after = [place + 1, place + width - 1, place + width, place + width + 1]
                guard value > 0, before.allSatisfy({ responses[$0] < value }),
                    after.allSatisfy({ responses[$0] <= value })
                else { continue }
                peaks.append(Self.refined(responses, row, column, width: width))
            }
        }
        return peaks
    }

    /// The peak of the parabola through the nine responses around a pixel, at most half a pixel away along
    /// each axis.
    private static func refined(
        _ responses: [Double], _ row: Int, _ column: Int, width: Int
    ) -> Blob {
        func response(_ down: Int, _ right: Int) -> Double {
            responses[(row + down) * width + column + right]
        }
        let middle = response(0, 0)
        let (dy, dx) = (
            (response(1, 0) - response(-1, 0)) / 2, (response(0, 1) - response(0, -1)) / 2
        )
        let (yy, xx) = (
            response(1, 0) - 2 * middle + response(-1, 0),
            response(0, 1) - 2 * middle + response(0, -1)
        )
        let yx = (response(1, 1) - response(1, -1) - response(-1, 1) + response(-1, -1)) / 4
        let determinant = yy * xx - yx * yx
        // A peak curves downwards in all directions; what does not stays where it is.
        guard yy < 0, xx < 0, determinant > 0 else {
            return Blob(y: Double(row), x: Double(column), contrast: middle)
        }
        func bounded(_ shift: Double) -> Double { min(max(shift, -0.5), 0.5) }
        let y = bounded((yx * dx - xx * dy) / determinant)
        let x = bounded((yx * dy - yy * dx) / determinant)
        return Blob(
            y: Double(row) + y, x: Double(column) + x, contrast: middle + (dy * y + dx * x) / 2)
    }

    /// Those of which no stronger one is nearer than the minimum distance.
    private func apart(_ blobs: [Blob]) -> [Blob] {
        let ordered = blobs.sorted { ($1.contrast, $0.y, $0.x) < ($0.contrast, $1.y, $1.x) }
        var grid = PositionGrid(reach: minimumDistance)
        return ordered.filter { blob in
            let position = AtomPosition(y: blob.y, x: blob.x)
            if let other = grid.nearest(to: position), other.distance < minimumDistance {
                return false
            }
            grid.insert(position)
            return true
        }
    }
}
